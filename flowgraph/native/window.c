/* ImageMagick's blur on 16-bit samples: across, then down, each rounded half up. Where all samples in reach are
   equal nothing changes, since the weights add up to 1: such blocks are copied. */

#include "shared.h"

typedef uint16_t u16;

enum { BLOCK = 32 };

/* out[x] = floor(weights[0] * at[x] + the sum of weights[k] * (at[x - k step] + at[x + k step]) + .5) */
INLINE void block(const u16 *restrict at, ptrdiff_t step, const double *restrict weights, ptrdiff_t radius,
                  u16 *restrict out, ptrdiff_t n) {
    double sums[BLOCK];
    for (ptrdiff_t x = 0; x < n; x++) sums[x] = weights[0] * at[x];
    for (ptrdiff_t k = 1; k <= radius; k++) {
        const u16 *const before = at - k * step, *const after = at + k * step;
        const double weight = weights[k];
        for (ptrdiff_t x = 0; x < n; x++) sums[x] += weight * (double)((i32)before[x] + (i32)after[x]);
    }
    for (ptrdiff_t x = 0; x < n; x++) out[x] = (u16)(i32)(sums[x] + 0.5);
}

FAST static void whole_block(const u16 *at, ptrdiff_t step, const double *weights, ptrdiff_t radius, u16 *out) {
    block(at, step, weights, radius, out, BLOCK);
}

INLINE void any_block(const u16 *at, ptrdiff_t step, const double *weights, ptrdiff_t radius, u16 *out, ptrdiff_t n) {
    if (n == BLOCK)
        whole_block(at, step, weights, radius, out);
    else
        block(at, step, weights, radius, out, n);
}

FAST static void widen(const u8 *restrict from, u16 *restrict to, ptrdiff_t n) {
    for (ptrdiff_t x = 0; x < n; x++) to[x] = (u16)(257 * from[x]);
}

/* v / 257 to the nearest */
FAST static void narrow(const u16 *restrict from, u8 *restrict to, ptrdiff_t n) {
    for (ptrdiff_t x = 0; x < n; x++) {
        const u32 v = from[x] + 128u;
        to[x] = (u8)((v - (v >> 8)) >> 8);
    }
}

/* A row of `across`: the samples of `line` start `reach` after its start. */
static void blur_across(const u16 *line, ptrdiff_t step, const double *weights, ptrdiff_t radius, u16 *out,
                        ptrdiff_t samples) {
    const ptrdiff_t reach = radius * step;
    for (ptrdiff_t x = 0; x < samples; x += BLOCK) {
        const ptrdiff_t n = samples - x < BLOCK ? samples - x : BLOCK;
        const size_t compared = (size_t)(n + 2 * reach - step) * sizeof *line;
        if (memcmp(line + x, line + x + step, compared) == 0)
            memcpy(out + x, line + x + reach, (size_t)n * sizeof *out);
        else
            any_block(line + x + reach, step, weights, radius, out + x, n);
    }
}

/* `line` gets a row as 16 bits, its first and last pixel repeated `radius` times. */
static void pad(const u8 *from, int wide, u16 *line, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t radius) {
    const ptrdiff_t samples = width * channels, reach = radius * channels;
    if (wide)
        memcpy(line + reach, from, (size_t)samples * sizeof *line);
    else
        widen(from, line + reach, samples);
    for (ptrdiff_t x = reach - 1; x >= 0; x--) line[x] = line[x + channels];
    for (ptrdiff_t x = reach + samples; x < samples + 2 * reach; x++) line[x] = line[x - channels];
}

/* Rows have `width` pixels of `channels` samples, of 16 bits where `wide`; `from` and `out` lie apart.
   `weights` are those of the middle and of 1 to `radius` beside it. `across` is a picture of 16 bits to work
   in. `radius` is at least 1. -1: no memory. */
EXPORT int flowgraph_magick(const u8 *from, ptrdiff_t from_step, int from_wide, u8 *out, ptrdiff_t out_step,
                            int out_wide, ptrdiff_t width, ptrdiff_t height, ptrdiff_t channels,
                            const double *weights, ptrdiff_t radius, u16 *across) {
    const ptrdiff_t samples = width * channels, blocks = (samples + BLOCK - 1) / BLOCK;
    /* How many rows up to here were equal to the one before, in each block. */
    ptrdiff_t *const equal = malloc((size_t)blocks * sizeof *equal);
    u16 *const line = malloc((size_t)(samples + 2 * radius * channels) * sizeof *line);
    /* A block and what is in its reach, where that goes beyond the picture. */
    u16 *const padded = malloc((size_t)(2 * radius + 1) * BLOCK * sizeof *padded);
    if (!equal || !line || !padded) {
        free(equal);
        free(line);
        free(padded);
        return -1;
    }
    for (ptrdiff_t y = 0; y < height; y++) {
        pad(from + y * from_step, from_wide, line, width, channels, radius);
        blur_across(line, channels, weights, radius, across + y * samples, samples);
    }
    for (ptrdiff_t b = 0; b < blocks; b++) equal[b] = radius;
    for (ptrdiff_t next = 1 - radius; next < height + radius; next++) {
        /* Row `next` comes into reach of row y. */
        const ptrdiff_t y = next - radius;
        const u16 *const row = next > 0 && next < height ? across + next * samples : NULL;
        for (ptrdiff_t b = 0; b < blocks; b++) {
            const ptrdiff_t x = b * BLOCK, n = samples - x < BLOCK ? samples - x : BLOCK;
            const int same = !row || memcmp(row + x, row + x - samples, (size_t)n * sizeof *row) == 0;
            equal[b] = same ? equal[b] + 1 : 0;
        }
        if (y < 0) continue;
        const int edge = y < radius || y + radius >= height;
        for (ptrdiff_t b = 0; b < blocks; b++) {
            const ptrdiff_t x = b * BLOCK, n = samples - x < BLOCK ? samples - x : BLOCK;
            const u16 *const at = across + y * samples + x;
            u16 *const to = out_wide ? (u16 *)(out + y * out_step) + x : line;
            if (equal[b] >= 2 * radius)
                memcpy(to, at, (size_t)n * sizeof *to);
            else if (!edge)
                any_block(at, samples, weights, radius, to, n);
            else {
                for (ptrdiff_t k = -radius; k <= radius; k++) {
                    const ptrdiff_t near = y + k < 0 ? 0 : y + k >= height ? height - 1 : y + k;
                    memcpy(padded + (k + radius) * BLOCK, across + near * samples + x, (size_t)n * sizeof *at);
                }
                any_block(padded + radius * BLOCK, BLOCK, weights, radius, to, n);
            }
            if (!out_wide) narrow(to, out + y * out_step + x, n);
        }
    }
    free(equal);
    free(line);
    free(padded);
    return 0;
}
