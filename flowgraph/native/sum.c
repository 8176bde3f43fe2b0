/* Weighted sums of planes, rounded once, half to even. `out` may be one of the inputs. */

#include "shared.h"

enum { CHUNK = 2048, MOST = 32767 };

#define LEAST(a, b) ((a) < (b) ? (a) : (b))

/* clip(rint((a * wa + b * wb + offset) / (1 << shift))); no such sum needs more than 15 bits. */
INLINE void pair(const u8 *a, const u8 *b, u8 *out, ptrdiff_t n, i16 wa, i16 wb, i16 offset, int shift) {
    SAME_PLACE for (ptrdiff_t x = 0; x < n; x++) {
        const i16 sum = (i16)((i16)(a[x] * wa) + (i16)(b[x] * wb) + offset);
        const i16 up = shift ? (i16)((1 << shift >> 1) - 1 + ((sum >> shift) & 1)) : 0;
        out[x] = clip16((i16)((i16)(sum + up) >> shift));
    }
}

FAST static void pair_row(const u8 *a, const u8 *b, u8 *out, ptrdiff_t n, i16 wa, i16 wb, i16 offset, int shift) {
    if (shift == 0)
        pair(a, b, out, n, wa, wb, offset, 0);
    else if (shift == 1)
        pair(a, b, out, n, wa, wb, offset, 1);
    else
        pair(a, b, out, n, wa, wb, offset, shift);
}

/* Adding 1.5 * 2^23 leaves no bits after the point, and rounds half to even. */
INLINE u8 nearest(float v) {
    v = v < 0 ? 0 : v;
    v = v > 255 ? 255 : v;
    return (u8)(i32)((v + 12582912.0f) - 12582912.0f);
}

/* Sums in 32 bits, or in 16 where they fit, which takes half the time. */
#define ACCUMULATE(type) \
    FAST static void add_##type(const u8 *restrict from, type weight, type *restrict sums, ptrdiff_t n) { \
        for (ptrdiff_t x = 0; x < n; x++) sums[x] = (type)(sums[x] + (type)(from[x] * weight)); \
    } \
    FAST static void start_##type(type offset, type *restrict sums, ptrdiff_t n) { \
        for (ptrdiff_t x = 0; x < n; x++) sums[x] = offset; \
    } \
    FAST static void divided_##type(const type *restrict sums, float by, u8 *restrict out, ptrdiff_t n) { \
        for (ptrdiff_t x = 0; x < n; x++) out[x] = nearest((float)sums[x] / by); \
    } \
    FAST static void scaled_##type(const type *restrict sums, float by, u8 *restrict out, ptrdiff_t n) { \
        for (ptrdiff_t x = 0; x < n; x++) out[x] = nearest((float)sums[x] * by); \
    } \
    static void sum_##type(const u8 *const *from, const i32 *weights, ptrdiff_t count, i32 offset, i32 divisor, \
                           float factor, u8 *out, ptrdiff_t n) { \
        type sums[CHUNK]; \
        for (ptrdiff_t x = 0; x < n; x += CHUNK) { \
            const ptrdiff_t many = LEAST(CHUNK, n - x); \
            start_##type((type)offset, sums, many); \
            for (ptrdiff_t i = 0; i < count; i++) add_##type(from[i] + x, (type)weights[i], sums, many); \
            if (divisor) \
                divided_##type(sums, (float)divisor, out + x, many); \
            else \
                scaled_##type(sums, factor, out + x, many); \
        } \
    }

ACCUMULATE(i16)
ACCUMULATE(i32)

/* out = (sum of weight * plane + offset) / divisor, or that sum times `factor` where the divisor is 0. Sums are
   below 2^24, so that a float holds them. -1: no memory. */
EXPORT int flowgraph_sum(const u8 *const *planes, const ptrdiff_t *steps, const i32 *weights, ptrdiff_t count,
                         i32 offset, i32 divisor, float factor, u8 *out, ptrdiff_t out_step, ptrdiff_t rows,
                         ptrdiff_t samples) {
    i32 most = offset < 0 ? -offset : offset, shift = 0;
    for (ptrdiff_t i = 0; i < count; i++) most += 255 * (weights[i] < 0 ? -weights[i] : weights[i]);
    while (divisor >> shift > 1) shift++;
    const int is_pair = count == 2 && divisor == 1 << shift && most + divisor <= MOST;
    const u8 **from = malloc((size_t)count * sizeof *from);
    if (!from) return -1;
    for (ptrdiff_t y = 0; y < rows; y++) {
        for (ptrdiff_t i = 0; i < count; i++) from[i] = planes[i] + y * steps[i];
        u8 *const to = out + y * out_step;
        if (is_pair)
            pair_row(from[0], from[1], to, samples, (i16)weights[0], (i16)weights[1], (i16)offset, shift);
        else if (most <= MOST)
            sum_i16(from, weights, count, offset, divisor, factor, to, samples);
        else
            sum_i32(from, weights, count, offset, divisor, factor, to, samples);
    }
    free(from);
    return 0;
}
