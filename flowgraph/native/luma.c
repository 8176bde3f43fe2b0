/* A gray mask of packed RGB, by a weighted sum of the channels. */

#include "shared.h"

enum { CHUNK = 2048 };

FAST static void compare(const u8 *restrict b, const u8 *restrict g, const u8 *restrict r, const i32 *weights,
                         i32 first, u8 below, u8 above, u8 *restrict out, ptrdiff_t n) {
    const i32 wb = weights[0], wg = weights[1], wr = weights[2];
    for (ptrdiff_t x = 0; x < n; x++) out[x] = wb * b[x] + wg * g[x] + wr * r[x] >= first ? above : below;
}

FAST static void split(const u8 *bgr, u8 *b, u8 *g, u8 *r, ptrdiff_t n) { split_row(bgr, b, g, r, n); }

/* out = weights[0] b + weights[1] g + weights[2] r >= first ? above : below; no such sum may reach 2^31. */
EXPORT void flowgraph_luma_mask(const u8 *bgr, ptrdiff_t step, u8 *out, ptrdiff_t out_step, ptrdiff_t width,
                                ptrdiff_t height, const i32 *weights, i32 first, int below, int above) {
    u8 b[CHUNK], g[CHUNK], r[CHUNK];
    for (ptrdiff_t y = 0; y < height; y++)
        for (ptrdiff_t x = 0; x < width; x += CHUNK) {
            const ptrdiff_t n = width - x < CHUNK ? width - x : CHUNK;
            split(bgr + y * step + 3 * x, b, g, r, n);
            compare(b, g, r, weights, first, (u8)below, (u8)above, out + y * out_step + x, n);
        }
}
