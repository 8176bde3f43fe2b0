/* OpenCV's pyrDown and pyrUp on 8 bits: the weights 1 4 6 4 1 both ways, mirrored at the edges. */

#include "shared.h"

/* Column sums; then row sums at all places, of which every other is kept. */
FAST static void sums_down(const u8 *const *rows, u16 *restrict sums, ptrdiff_t n) {
    const u8 *restrict a = rows[0], *restrict b = rows[1], *restrict c = rows[2];
    const u8 *restrict d = rows[3], *restrict e = rows[4];
    for (ptrdiff_t i = 0; i < n; i++) sums[i] = (u16)(a[i] + e[i] + 4 * (b[i] + d[i]) + 6 * c[i]);
}

FAST static void smooth(const u16 *restrict s, u8 *restrict out, ptrdiff_t n, ptrdiff_t c) {
    const u16 *restrict a = s - 2 * c, *restrict b = s - c, *restrict d = s + c, *restrict e = s + 2 * c;
    for (ptrdiff_t i = 0; i < n; i++)
        out[i] = (u8)((u16)((u16)(a[i] + e[i]) + 4 * (u16)(b[i] + d[i]) + 6 * s[i] + 128) >> 8);
}

FAST static void every_other(const u8 *restrict from, u8 *restrict to, ptrdiff_t n, ptrdiff_t c) {
    ptrdiff_t x = 0;
    if (c == 1) {
        for (; x < n; x++) to[x] = from[2 * x];
        return;
    }
#ifdef SHUFFLES
    for (; x + 8 <= n; x += 8) {
        const bytes16 p = get16(from + 6 * x), q = get16(from + 6 * x + 16);
        /* The last pixel of an odd row stands alone: don't read past it. */
        bytes16 s = {0};
        memcpy(&s, from + 6 * x + 32, 13);
        put16(to + 3 * x, PICK(p, q, 0, 1, 2, 6, 7, 8, 12, 13, 14, 18, 19, 20, 24, 25, 26, 30));
        const bytes16 t = PICK(q, s, 15, 16, 20, 21, 22, 26, 27, 28, -1, -1, -1, -1, -1, -1, -1, -1);
        memcpy(to + 3 * x + 16, &t, 8);
    }
#endif
    for (; x < n; x++)
        for (ptrdiff_t k = 0; k < 3; k++) to[3 * x + k] = from[6 * x + k];
}

/* Both sides are at least 4, channels 1 or 3; `out` has half the size, rounded up. -1: no memory. */
EXPORT int flowgraph_half(const u8 *from, ptrdiff_t step, ptrdiff_t width, ptrdiff_t height, u8 *out,
                          ptrdiff_t out_step, ptrdiff_t channels) {
    const ptrdiff_t n = width * channels;
    u16 *room = malloc((size_t)(n + 4 * channels) * sizeof *room + (size_t)n);
    if (!room) return -1;
    u16 *const sums = room + 2 * channels;
    u8 *const smoothed = (u8 *)(sums + n + 2 * channels);
    for (ptrdiff_t y = 0; y < (height + 1) / 2; y++) {
        const u8 *rows[5];
        for (int t = 0; t < 5; t++) rows[t] = from + mirrored(2 * y - 2 + t, height) * step;
        sums_down(rows, sums, n);
        for (ptrdiff_t x = 1; x <= 2; x++)
            for (ptrdiff_t k = 0; k < channels; k++) {
                sums[-x * channels + k] = sums[x * channels + k];
                sums[(width - 1 + x) * channels + k] = sums[(width - 1 - x) * channels + k];
            }
        smooth(sums, smoothed, n, channels);
        every_other(smoothed, out + y * out_step, (width + 1) / 2, channels);
    }
    free(room);
    return 0;
}

/* Column sums of an even and of an odd row. */
FAST static void sums_up(const u8 *restrict a, const u8 *restrict b, const u8 *restrict c, u16 *restrict even,
                         u16 *restrict odd, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) {
        even[i] = (u16)(a[i] + c[i] + 6 * b[i]);
        odd[i] = (u16)(4 * (b[i] + c[i]));
    }
}

FAST static void spread(const u16 *restrict s, u8 *restrict even, u8 *restrict odd, ptrdiff_t n, ptrdiff_t c) {
    const u16 *restrict before = s - c, *restrict after = s + c;
    for (ptrdiff_t i = 0; i < n; i++) {
        even[i] = (u8)((u16)(before[i] + after[i] + 6 * s[i] + 32) >> 6);
        odd[i] = (u8)((u16)(4 * (s[i] + after[i]) + 32) >> 6);
    }
}

/* Pixels in turn from two rows; `width` pixels in all. */
FAST static void alternate(const u8 *restrict even, const u8 *restrict odd, u8 *restrict out, ptrdiff_t width,
                           ptrdiff_t c) {
    ptrdiff_t x = 0;
    if (c == 1) {
        for (; x < width / 2; x++) out[2 * x] = even[x], out[2 * x + 1] = odd[x];
        if (width % 2) out[width - 1] = even[x];
        return;
    }
#ifdef SHUFFLES
    for (; x + 16 <= width; x += 16) {
        const u8 *const e = even + x / 2 * 3, *const o = odd + x / 2 * 3;
        const bytes16 tail = get16(e + 8);
        put16(out + 3 * x,
              PICK(get16(e), get16(o), 0, 1, 2, 16, 17, 18, 3, 4, 5, 19, 20, 21, 6, 7, 8, 22));
        put16(out + 3 * x + 16,
              PICK(tail, get16(o + 7), 16, 17, 1, 2, 3, 18, 19, 20, 4, 5, 6, 21, 22, 23, 7, 8));
        put16(out + 3 * x + 32,
              PICK(tail, get16(o + 8), 9, 23, 24, 25, 10, 11, 12, 26, 27, 28, 13, 14, 15, 29, 30, 31));
    }
#endif
    for (; x < width; x++)
        for (ptrdiff_t k = 0; k < 3; k++) out[3 * x + k] = (x % 2 ? odd : even)[x / 2 * 3 + k];
}

/* `width` and `height` are those of `out`, each twice the source's or one less; the source's are at least 2. */
EXPORT int flowgraph_double(const u8 *from, ptrdiff_t step, u8 *out, ptrdiff_t out_step, ptrdiff_t width,
                            ptrdiff_t height, ptrdiff_t channels) {
    const ptrdiff_t across = (width + 1) / 2, down = (height + 1) / 2, n = across * channels;
    const ptrdiff_t stride = n + 2 * channels;
    u16 *room = malloc((size_t)(2 * stride) * sizeof *room + (size_t)(2 * n));
    if (!room) return -1;
    u8 *const even = (u8 *)(room + 2 * stride), *const odd = even + n;
    for (ptrdiff_t y = 0; y < down; y++) {
        /* Mirrored at the first sample, repeated at the last. */
        const ptrdiff_t above = y ? y - 1 : 1, below = y + 1 < down ? y + 1 : y;
        u16 *const sums = room + channels;
        sums_up(from + above * step, from + y * step, from + below * step, sums, sums + stride, n);
        for (ptrdiff_t r = 0; r < 2 && 2 * y + r < height; r++) {
            u16 *const s = sums + r * stride;
            for (ptrdiff_t k = 0; k < channels; k++) {
                s[k - channels] = s[k + channels];
                s[n + k] = s[n + k - channels];
            }
            spread(s, even, odd, n, channels);
            alternate(even, odd, out + (2 * y + r) * out_step, width, channels);
        }
    }
    free(room);
    return 0;
}
