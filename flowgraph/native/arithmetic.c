/* Sample by sample arithmetic of two planes. `out` may be one of the inputs. */

#include "shared.h"

/* v / 255 on whole numbers up to 65279 */
INLINE u16 over255(u16 v) { return (u16)((u16)(v + 1 + (v >> 8)) >> 8); }

INLINE u16 product(u16 a, u16 b) { return over255((u16)(a * b)); }

INLINE u16 screened(u16 a, u16 b) { return (u16)(255 - product((u16)(255 - a), (u16)(255 - b))); }

INLINE u8 multiply(u8 a, u8 b) { return (u8)product(a, b); }

INLINE u8 screen(u8 a, u8 b) { return (u8)screened(a, b); }

INLINE u8 multiply128(u8 a, u8 b) {
    return clip16((i16)(((i16)((a - 128) * b) >> 5) + 128));
}

INLINE u8 overlay(u8 a, u8 b) {
    const u16 dark = (u16)(2 * product(a, b)), light = (u16)(255 - 2 * product((u16)(255 - a), (u16)(255 - b)));
    return (u8)(a < 128 ? dark : light);
}

INLINE u8 hardlight(u8 a, u8 b) { return overlay(b, a); }

INLINE u8 softlight(u8 a, u8 b) {
    const u16 bent = product(a, (u16)(255 - a)), v = (u16)(product(a, a) + 2 * product(b, bent));
    return v > 255 ? 255 : (u8)v;
}

INLINE u8 exclusion(u8 a, u8 b) { return (u8)(a + b - 2 * a * b / 255); }

INLINE u8 extremity(u8 a, u8 b) {
    const i16 v = (i16)(255 - a - b);
    return (u8)(v < 0 ? -v : v);
}

INLINE u8 negation(u8 a, u8 b) { return (u8)(255 - extremity(a, b)); }

#define MODES(do) \
    do(multiply) do(screen) do(multiply128) do(overlay) do(hardlight) do(softlight) do(exclusion) \
    do(extremity) do(negation)

#define ROW(mode) \
    FAST static void mode##_row(const u8 *a, const u8 *b, u8 *out, ptrdiff_t n) { \
        SAME_PLACE for (ptrdiff_t x = 0; x < n; x++) out[x] = mode(a[x], b[x]); \
    }
MODES(ROW)

typedef void (*Row)(const u8 *, const u8 *, u8 *, ptrdiff_t);

#define NAMED(mode) {#mode, mode##_row},
static const struct {
    const char *name;
    Row row;
} KNOWN[] = {MODES(NAMED)};

/* Gives 0, or -1 where the mode has no kernel; with no rows nothing but that is found out. */
EXPORT int flowgraph_blend(const char *mode, const u8 *a, ptrdiff_t a_step, const u8 *b, ptrdiff_t b_step, u8 *out,
                           ptrdiff_t out_step, ptrdiff_t rows, ptrdiff_t samples) {
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        if (strcmp(KNOWN[i].name, mode)) continue;
        for (ptrdiff_t y = 0; y < rows; y++)
            KNOWN[i].row(a + y * a_step, b + y * b_step, out + y * out_step, samples);
        return 0;
    }
    return -1;
}

/* out = table[256 * a + b] */
EXPORT void flowgraph_pairs(const u8 *table, const u8 *a, ptrdiff_t a_step, const u8 *b, ptrdiff_t b_step, u8 *out,
                            ptrdiff_t out_step, ptrdiff_t rows, ptrdiff_t samples) {
    for (ptrdiff_t y = 0; y < rows; y++, a += a_step, b += b_step, out += out_step) {
        SAME_PLACE for (ptrdiff_t x = 0; x < samples; x++) out[x] = table[256 * a[x] + b[x]];
    }
}
