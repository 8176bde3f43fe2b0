/* yuv420p of even width and height to RGB, with the arithmetic of two paths of libswscale on x86. */

#include "shared.h"

/* Offset and factor of Y, then V to R, V to G, U to G, U to B: factors of 13 bits. */
enum { OFFSET, LUMA, RED_V, GREEN_V, GREEN_U, BLUE_U };

enum { TAPS = 4, EDGE = 3, ROUNDING_8 = 64 };

/* Bicubic (0, 0.6) twice as large: odd samples, even samples, and the first three, where libswscale's own
   filter differs from one that repeats the border. */
typedef struct {
    i16 odd[TAPS], even[TAPS], first[EDGE][TAPS];
} Enlarge;

static const Enlarge ACROSS = {
    {-1382, 14284, 3943, -461},
    {-461, 3943, 14284, -1382},
    {{17729, -1345, 0, 0}, {12902, 3943, -461, 0}, {3835, 13894, -1345, 0}},
};
static const Enlarge DOWNWARDS = {
    {-346, 3572, 985, -115},
    {-115, 985, 3572, -346},
    {{4432, -336, 0, 0}, {3226, 985, -115, 0}, {959, 3473, -336, 0}},
};

/* The weights of sample `at` of the enlarged row or column, and the samples before enlarging they are for. */
INLINE const i16 *taps_of(const Enlarge *filter, ptrdiff_t at, ptrdiff_t count, ptrdiff_t *places) {
    const ptrdiff_t start = at < EDGE ? 0 : (at + 1) / 2 - 2;
    for (int t = 0; t < TAPS; t++) places[t] = start + t < count ? start + t : count - 1;
    return at < EDGE ? filter->first[at] : at % 2 ? filter->odd : filter->even;
}

INLINE i16 edge_sample(const u8 *from, ptrdiff_t at, ptrdiff_t half) {
    ptrdiff_t places[TAPS];
    const i16 *weights = taps_of(&ACROSS, at, half, places);
    i32 sum = 0;
    for (int t = 0; t < TAPS; t++) sum += weights[t] * from[places[t]];
    sum >>= 7;
    return sum > 32767 ? 32767 : (i16)sum;
}

/* A row of chroma at full width, 15 bits. */
FAST static void across(const u8 *restrict from, i16 *restrict to, ptrdiff_t half) {
    for (ptrdiff_t x = 0; x < 4; x++) to[x] = edge_sample(from, x, half);
    for (ptrdiff_t x = 2; x < half - 2; x++) {
        const i32 a = from[x - 2], b = from[x - 1], c = from[x], d = from[x + 1], e = from[x + 2];
        const i32 even = (a * -461 + b * 3943 + c * 14284 + d * -1382) >> 7;
        const i32 odd = (b * -1382 + c * 14284 + d * 3943 + e * -461) >> 7;
        to[2 * x] = even > 32767 ? 32767 : (i16)even;
        to[2 * x + 1] = odd > 32767 ? 32767 : (i16)odd;
    }
    for (ptrdiff_t x = 2 * half - 4; x < 2 * half; x++) to[x] = edge_sample(from, x, half);
}

enum { MIDDLE = (1 << 9) - (128 << 19) };

/* A row of chroma at full height, without its middle level, 17 bits. */
FAST static void one_row(const i16 *const *rows, const i16 *c, i32 *restrict to, ptrdiff_t n) {
    const i16 *restrict a = rows[0], *restrict b = rows[1], *restrict d = rows[2], *restrict e = rows[3];
    const i32 c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
    for (ptrdiff_t x = 0; x < n; x++) to[x] = (a[x] * c0 + b[x] * c1 + d[x] * c2 + e[x] * c3 + MIDDLE) >> 10;
}

/* An odd row and the even one below it: their weights mirror each other, so sums and differences do for both. */
FAST static void two_rows(const i16 *const *rows, i32 *restrict odd, i32 *restrict even, ptrdiff_t n) {
    const i16 *restrict a = rows[0], *restrict b = rows[1], *restrict d = rows[2], *restrict e = rows[3];
    const i32 outer = -346 - 115, outer_less = -346 + 115, inner = 3572 + 985, inner_less = 3572 - 985;
    for (ptrdiff_t x = 0; x < n; x++) {
        const i32 same = (a[x] + e[x]) * outer + (b[x] + d[x]) * inner + 2 * MIDDLE;
        const i32 opposite = (a[x] - e[x]) * outer_less + (b[x] - d[x]) * inner_less;
        odd[x] = (same + opposite) >> 11;
        even[x] = (same - opposite) >> 11;
    }
}

/* Sums past 31 bits wrap around to below zero, and are cut to black, as they are in libswscale. */
INLINE u8 level(u32 sum) {
    return clip8((i32)sum >> 22);
}

FAST static void accurate_row(const u8 *restrict y, const i32 *restrict us, const i32 *restrict vs, const i32 *k,
                              u8 *restrict b, u8 *restrict g, u8 *restrict r, ptrdiff_t n) {
    const u32 luma = (u32)k[LUMA], rv = (u32)k[RED_V], gv = (u32)k[GREEN_V], gu = (u32)k[GREEN_U];
    const u32 bu = (u32)k[BLUE_U], start = (1u << 21) - (u32)k[OFFSET] * luma;
    for (ptrdiff_t x = 0; x < n; x++) {
        const u32 u = (u32)us[x], v = (u32)vs[x], light = (u32)y[x] * (luma << 9) + start;
        r[x] = level(light + v * rv);
        g[x] = level(light + v * gv + u * gu);
        b[x] = level(light + u * bu);
    }
}

/* The high halves of products of 16 bits; chroma is repeated in both directions. */
FAST static void fast_chroma(const u8 *restrict us, const u8 *restrict vs, const i32 *k, i16 *restrict b,
                             i16 *restrict g, i16 *restrict r, ptrdiff_t half) {
    const i16 rv = (i16)k[RED_V], gv = (i16)k[GREEN_V], gu = (i16)k[GREEN_U], bu = (i16)k[BLUE_U];
    for (ptrdiff_t x = 0; x < half; x++) {
        const i16 u = (i16)(us[x] * 8 - 1024), v = (i16)(vs[x] * 8 - 1024);
        b[2 * x] = b[2 * x + 1] = (i16)(u * bu >> 16);
        g[2 * x] = g[2 * x + 1] = (i16)((i16)(u * gu >> 16) + (i16)(v * gv >> 16));
        r[2 * x] = r[2 * x + 1] = (i16)(v * rv >> 16);
    }
}

FAST static void fast_row(const u8 *restrict y, const i16 *restrict blue, const i16 *restrict green,
                          const i16 *restrict red, const i32 *k, u8 *restrict b, u8 *restrict g, u8 *restrict r,
                          ptrdiff_t n) {
    const i16 offset = (i16)k[OFFSET], luma = (i16)k[LUMA];
    for (ptrdiff_t x = 0; x < n; x++) {
        const i16 light = (i16)((i16)(y[x] * 8 - offset) * luma >> 16);
        b[x] = clip16((i16)(light + blue[x]));
        g[x] = clip16((i16)(light + green[x]));
        r[x] = clip16((i16)(light + red[x]));
    }
}

FAST static void merge(const u8 *restrict b, const u8 *restrict g, const u8 *restrict r, u8 *restrict bgr,
                       ptrdiff_t n) {
    merge_row(b, g, r, bgr, n);
}

/* in: y, u, v. out: b, g, r, or bgr, 0, 0. Width and height are even. Gives 0, or -1 without memory. */
EXPORT int flowgraph_yuv420_to_rgb_fast(const u8 *const *in, const ptrdiff_t *steps, u8 *const *out,
                                        const ptrdiff_t *out_steps, ptrdiff_t width, ptrdiff_t height,
                                        const i32 *matrix) {
    const ptrdiff_t packed = out[1] == NULL;
    i16 *terms = malloc((size_t)(3 * width) * (sizeof *terms + 1));
    if (!terms) return -1;
    u8 *const channels = (u8 *)(terms + 3 * width);
    i16 *const blue = terms, *const green = terms + width, *const red = terms + 2 * width;
    for (ptrdiff_t y = 0; y < height; y++) {
        u8 *b = channels, *g = channels + width, *r = channels + 2 * width;
        if (!packed) b = out[0] + y * out_steps[0], g = out[1] + y * out_steps[1], r = out[2] + y * out_steps[2];
        if (y % 2 == 0)
            fast_chroma(in[1] + y / 2 * steps[1], in[2] + y / 2 * steps[2], matrix, blue, green, red, width / 2);
        fast_row(in[0] + y * steps[0], blue, green, red, matrix, b, g, r, width);
        if (packed) merge(b, g, r, out[0] + y * out_steps[0], width);
    }
    free(terms);
    return 0;
}

/* The same with bicubic chroma; width and height are at least 16. */
EXPORT int flowgraph_yuv420_to_rgb_accurate(const u8 *const *in, const ptrdiff_t *steps, u8 *const *out,
                                            const ptrdiff_t *out_steps, ptrdiff_t width, ptrdiff_t height,
                                            const i32 *matrix) {
    const ptrdiff_t packed = out[1] == NULL, half = height / 2;
    i32 *const whole = malloc((size_t)(4 * width) * sizeof *whole + (size_t)(2 * TAPS * width) * sizeof(i16) +
                              (size_t)(3 * width));
    if (!whole) return -1;
    i16 *const ring = (i16 *)(whole + 4 * width);
    u8 *const channels = (u8 *)(ring + 2 * TAPS * width);
    for (ptrdiff_t y = 0, ready = 0; y < height; y++) {
        ptrdiff_t places[TAPS];
        const i16 *const weights = taps_of(&DOWNWARDS, y, half, places);
        for (; ready <= places[TAPS - 1]; ready++)
            for (int c = 0; c < 2; c++)
                across(in[1 + c] + ready * steps[1 + c], ring + (c * TAPS + ready % TAPS) * width, width / 2);
        const int alone = y < EDGE || y == height - 1, second = !alone && y % 2 == 0;
        for (int c = 0; c < 2 && !second; c++) {
            const i16 *rows[TAPS];
            for (int t = 0; t < TAPS; t++) rows[t] = ring + (c * TAPS + places[t] % TAPS) * width;
            i32 *const to = whole + 2 * c * width;
            if (alone)
                one_row(rows, weights, to, width);
            else
                two_rows(rows, to, to + width, width);
        }
        const i32 *const u = whole + second * width, *const v = u + 2 * width;
        u8 *b = channels, *g = channels + width, *r = channels + 2 * width;
        if (!packed) b = out[0] + y * out_steps[0], g = out[1] + y * out_steps[1], r = out[2] + y * out_steps[2];
        accurate_row(in[0] + y * steps[0], u, v, matrix, b, g, r, width);
        if (packed) merge(b, g, r, out[0] + y * out_steps[0], width);
    }
    free(whole);
    return 0;
}
