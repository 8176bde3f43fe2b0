/* RGB to yuv420p, with the arithmetic of libswscale's bicubic path on x86. */

#include "shared.h"

enum { TAPS = 8, RING = 16 };

/* Bicubic (0, 0.6) at distances of 1/4, 3/4, 5/4 and 7/4, twice as wide for half the rows; the sum is 4096. */
static const i16 DOWN[TAPS] = {-58, -172, 492, 1786, 1786, 492, -172, -58};

/* Coefficients of 15 bits: R, G, B of Y, of U, of V. Then, of 14 bits, factor and offset of Y and of U and V
   from limited range to full; a factor of 0 leaves the range as it is. */
enum { RED_Y, GREEN_Y, BLUE_Y, RED_U, GREEN_U, BLUE_U, RED_V, GREEN_V, BLUE_V, WIDER_Y, SHIFT_Y, WIDER_UV, SHIFT_UV };

FAST static void luma_row(const u8 *restrict b, const u8 *restrict g, const u8 *restrict r, const i32 *k,
                          u8 *restrict y, ptrdiff_t n) {
    const i32 kr = k[RED_Y], kg = k[GREEN_Y], kb = k[BLUE_Y], wider = k[WIDER_Y], shift = k[SHIFT_Y];
    if (wider)
        for (ptrdiff_t x = 0; x < n; x++) {
            const i32 limited = ((kr * r[x] + kg * g[x] + kb * b[x] + 0x80100) >> 9) * 2;
            y[x] = clip8((((limited * wider + shift) >> 14) + 64) >> 7);
        }
    else /* two roundings in one: 15 bits of a sample to 14, then to 8 */
        for (ptrdiff_t x = 0; x < n; x++) y[x] = (u8)((kr * r[x] + kg * g[x] + kb * b[x] + 0x84100) >> 15);
}

INLINE void chroma_rows(const u8 *restrict b, const u8 *restrict g, const u8 *restrict r, const i32 *k,
                        i16 *restrict u, i16 *restrict v, ptrdiff_t n, int full) {
    const i32 ur = k[RED_U], ug = k[GREEN_U], ub = k[BLUE_U], vr = k[RED_V], vg = k[GREEN_V], vb = k[BLUE_V];
    const i32 middle = (256 << 15) + (1 << 9), wider = k[WIDER_UV], shift = k[SHIFT_UV];
    for (ptrdiff_t x = 0; x < n; x++) {
        const i32 red = r[2 * x] + r[2 * x + 1], green = g[2 * x] + g[2 * x + 1];
        const i32 blue = b[2 * x] + b[2 * x + 1];
        const i32 us = ((ur * red + ug * green + ub * blue + middle) >> 10) * 2;
        const i32 vs = ((vr * red + vg * green + vb * blue + middle) >> 10) * 2;
        u[x] = (i16)(full ? (us * wider + shift) >> 14 : us);
        v[x] = (i16)(full ? (vs * wider + shift) >> 14 : vs);
    }
}

FAST static void chroma_row(const u8 *restrict b, const u8 *restrict g, const u8 *restrict r, const i32 *k,
                            i16 *restrict u, i16 *restrict v, ptrdiff_t n) {
    if (k[WIDER_UV])
        chroma_rows(b, g, r, k, u, v, n, 1);
    else
        chroma_rows(b, g, r, k, u, v, n, 0);
}

/* The products' high halves are summed: that is how libswscale does it when asked for speed. */
FAST static void down_row(const i16 *const *rows, const i16 *c, u8 *restrict out, ptrdiff_t n) {
    const i16 *restrict p0 = rows[0], *restrict p1 = rows[1], *restrict p2 = rows[2], *restrict p3 = rows[3];
    const i16 *restrict p4 = rows[4], *restrict p5 = rows[5], *restrict p6 = rows[6], *restrict p7 = rows[7];
    const i16 c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3], c4 = c[4], c5 = c[5], c6 = c[6], c7 = c[7];
    for (ptrdiff_t x = 0; x < n; x++) {
        i16 sum = (64 + 8 * (TAPS - 1)) >> 4;
        sum = (i16)(sum + (i16)(p0[x] * c0 >> 16) + (i16)(p1[x] * c1 >> 16));
        sum = (i16)(sum + (i16)(p2[x] * c2 >> 16) + (i16)(p3[x] * c3 >> 16));
        sum = (i16)(sum + (i16)(p4[x] * c4 >> 16) + (i16)(p5[x] * c5 >> 16));
        sum = (i16)(sum + (i16)(p6[x] * c6 >> 16) + (i16)(p7[x] * c7 >> 16));
        out[x] = clip16((i16)(sum >> 3));
    }
}

/* The last row is summed exactly, as libswscale leaves its vector code there. */
static void last_row(const i16 *const *rows, const i16 *c, u8 *out, ptrdiff_t n) {
    for (ptrdiff_t x = 0; x < n; x++) {
        i32 sum = 64 << 12;
        for (int t = 0; t < TAPS; t++) sum += rows[t][x] * c[t];
        out[x] = clip8(sum >> 19);
    }
}

/* What lies beyond the border adds its weight to the border row, once: the high halves don't distribute. */
static void down(const i16 *ring, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t half, u8 *out) {
    const i16 *taps[TAPS];
    i16 weights[TAPS];
    for (int t = 0; t < TAPS; t++) {
        ptrdiff_t at = 2 * row - 3 + t;
        taps[t] = ring + (at < 0 ? 0 : at >= rows ? rows - 1 : at) % RING * half;
        weights[t] = DOWN[t];
    }
    for (int t = 0; t < TAPS - 1; t++)
        if (taps[t] == taps[t + 1]) weights[t + 1] = (i16)(weights[t + 1] + weights[t]), weights[t] = 0;
    (2 * row + 2 < rows ? down_row : last_row)(taps, weights, out, half);
}

FAST static void split(const u8 *restrict bgr, u8 *restrict b, u8 *restrict g, u8 *restrict r, ptrdiff_t n) {
    split_row(bgr, b, g, r, n);
}

/* planes: b, g, r, or bgr, 0, 0. Both sizes are even, and at least 16. Gives 0, or -1 without memory. */
EXPORT int flowgraph_rgb_to_yuv420(const u8 *const *planes, const ptrdiff_t *steps, u8 *const *out,
                                   const ptrdiff_t *out_steps, ptrdiff_t width, ptrdiff_t height,
                                   const i32 *matrix) {
    const ptrdiff_t half = width / 2, packed = planes[1] == NULL;
    i16 *ring = malloc((size_t)(2 * RING * half) * sizeof *ring + (size_t)(3 * width));
    if (!ring) return -1;
    i16 *const u = ring, *const v = ring + RING * half;
    u8 *const channels = (u8 *)(ring + 2 * RING * half);
    for (ptrdiff_t y = 0, done = 0; y < height; y++) {
        const u8 *b = channels, *g = channels + width, *r = channels + 2 * width;
        if (packed)
            split(planes[0] + y * steps[0], channels, channels + width, channels + 2 * width, width);
        else
            b = planes[0] + y * steps[0], g = planes[1] + y * steps[1], r = planes[2] + y * steps[2];
        luma_row(b, g, r, matrix, out[0] + y * out_steps[0], width);
        chroma_row(b, g, r, matrix, u + y % RING * half, v + y % RING * half, half);
        for (; 2 * done < height && (2 * done + 4 <= y || y + 1 == height); done++) {
            down(u, done, height, half, out[1] + done * out_steps[1]);
            down(v, done, height, half, out[2] + done * out_steps[2]);
        }
    }
    free(ring);
    return 0;
}
