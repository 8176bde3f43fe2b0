/* OpenCV's GaussianBlur on 8 bits: whole weights that sum to 256 both ways, one rounding, mirrored edges. */

#include "shared.h"

enum { MOST = 10 };

/* Sums of a column; 16 bits hold them, since the weights sum to 256. */
INLINE void columns(const u8 *const *rows, const u16 *weights, u16 *restrict sums, ptrdiff_t n, int radius) {
    u16 w[MOST + 1];
    const u8 *up[MOST + 1], *down[MOST + 1];
    for (int r = 0; r <= radius; r++) w[r] = weights[r], up[r] = rows[radius - r], down[r] = rows[radius + r];
    for (ptrdiff_t x = 0; x < n; x++) {
        u16 sum = (u16)(up[0][x] * w[0]);
        for (int r = 1; r <= radius; r++) sum = (u16)(sum + (u16)(up[r][x] + down[r][x]) * w[r]);
        sums[x] = sum;
    }
}

INLINE void across(const u16 *sums, const u16 *weights, u8 *restrict out, ptrdiff_t n, ptrdiff_t step, int radius) {
    u32 w[MOST + 1];
    for (int r = 0; r <= radius; r++) w[r] = weights[r];
    for (ptrdiff_t x = 0; x < n; x++) {
        u32 sum = sums[x] * w[0] + (1 << 15);
        for (int r = 1; r <= radius; r++) sum += ((u32)sums[x - r * step] + sums[x + r * step]) * w[r];
        out[x] = (u8)(sum >> 16);
    }
}

/* With the radius and the distance of neighbours known, compilers leave no inner loop. */
#define OF_RADIUS(radius) \
    FAST static void columns_##radius(const u8 *const *rows, const u16 *weights, u16 *sums, ptrdiff_t n) { \
        columns(rows, weights, sums, n, radius); \
    } \
    FAST static void across_##radius(const u16 *sums, const u16 *weights, u8 *out, ptrdiff_t n, ptrdiff_t step) { \
        if (step == 1) \
            across(sums, weights, out, n, 1, radius); \
        else \
            across(sums, weights, out, n, 3, radius); \
    }
#define RADII(do) do(1) do(2) do(3) do(4) do(5) do(6) do(7) do(8) do(9) do(10)
RADII(OF_RADIUS)

#define NAMED(radius) {columns_##radius, across_##radius},
static const struct {
    void (*columns)(const u8 *const *, const u16 *, u16 *, ptrdiff_t);
    void (*across)(const u16 *, const u16 *, u8 *, ptrdiff_t, ptrdiff_t);
} KNOWN[] = {RADII(NAMED)};

/* `weights` begin with the middle one. Both sides are larger than the radius, which is 1 to 10; channels are 1 or
   3; `out` is other memory. -1: no memory for a row. */
EXPORT int flowgraph_gaussian(const u8 *from, ptrdiff_t step, ptrdiff_t width, ptrdiff_t height, u8 *out,
                              ptrdiff_t out_step, ptrdiff_t channels, const u16 *weights, int radius) {
    const ptrdiff_t n = width * channels, beside = radius * channels;
    u16 *const room = malloc((size_t)(n + 2 * beside) * sizeof *room);
    if (!room) return -1;
    u16 *const sums = room + beside;
    for (ptrdiff_t y = 0; y < height; y++) {
        const u8 *rows[2 * MOST + 1];
        for (int r = -radius; r <= radius; r++) rows[radius + r] = from + mirrored(y + r, height) * step;
        KNOWN[radius - 1].columns(rows, weights, sums, n);
        for (ptrdiff_t x = 1; x <= radius; x++)
            for (ptrdiff_t c = 0; c < channels; c++) {
                sums[c - x * channels] = sums[c + x * channels];
                sums[n - channels + c + x * channels] = sums[n - channels + c - x * channels];
            }
        KNOWN[radius - 1].across(sums, weights, out + y * out_step, n, channels);
    }
    free(room);
    return 0;
}
