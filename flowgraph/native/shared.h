/* What the kernels share: dispatch by processor, and packed pixels to rows of one channel and back. */

#ifndef FLOWGRAPH_SHARED_H
#define FLOWGRAPH_SHARED_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The build defines FLOWGRAPH_CLONES where compiler and loader can choose among versions of a function. */
#ifdef FLOWGRAPH_CLONES
#define FAST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FAST
#endif

#define INLINE static inline __attribute__((always_inline))
#define EXPORT __attribute__((visibility("default")))

/* Before a loop whose output may be the very place of an input, but no other place of it. */
#if defined(__GNUC__) && !defined(__clang__)
#define SAME_PLACE _Pragma("GCC ivdep")
#elif defined(__clang__)
#define SAME_PLACE _Pragma("clang loop vectorize(assume_safety)")
#else
#define SAME_PLACE
#endif

typedef uint8_t u8;
typedef uint16_t u16;
typedef int16_t i16;
typedef int32_t i32;
typedef uint32_t u32;

/* In two steps, which compilers turn into a minimum and a maximum. */
INLINE u8 clip8(i32 v) {
    v = v < 0 ? 0 : v;
    return (u8)(v > 255 ? 255 : v);
}

INLINE u8 clip16(i16 v) {
    v = v < 0 ? 0 : v;
    return (u8)(v > 255 ? 255 : v);
}

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLES
#endif
#endif

#ifdef SHUFFLES
typedef u8 bytes16 __attribute__((vector_size(16)));

INLINE bytes16 get16(const u8 *from) {
    bytes16 v;
    memcpy(&v, from, 16);
    return v;
}

INLINE void put16(u8 *to, bytes16 v) { memcpy(to, &v, 16); }

#define PICK __builtin_shufflevector
#endif

/* The place that a mirror at the first or last sample shows beyond it. */
INLINE ptrdiff_t mirrored(ptrdiff_t at, ptrdiff_t count) {
    at = at < 0 ? -at : at;
    return at < count ? at : 2 * count - 2 - at;
}

/* bgrbgr... to three rows */
INLINE void split_row(const u8 *restrict bgr, u8 *restrict b, u8 *restrict g, u8 *restrict r, ptrdiff_t n) {
    ptrdiff_t x = 0;
#ifdef SHUFFLES
    for (; x + 16 <= n; x += 16) {
        bytes16 p = get16(bgr + 3 * x), q = get16(bgr + 3 * x + 16), s = get16(bgr + 3 * x + 32), t;
        t = PICK(p, q, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, -1, -1, -1, -1, -1);
        put16(b + x, PICK(t, s, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29));
        t = PICK(p, q, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, -1, -1, -1, -1, -1);
        put16(g + x, PICK(t, s, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30));
        t = PICK(p, q, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, -1, -1, -1, -1, -1, -1);
        put16(r + x, PICK(t, s, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31));
    }
#endif
    for (; x < n; x++) {
        b[x] = bgr[3 * x];
        g[x] = bgr[3 * x + 1];
        r[x] = bgr[3 * x + 2];
    }
}

/* three rows to bgrbgr... */
INLINE void merge_row(const u8 *restrict b, const u8 *restrict g, const u8 *restrict r, u8 *restrict bgr,
                      ptrdiff_t n) {
    ptrdiff_t x = 0;
#ifdef SHUFFLES
    for (; x + 16 <= n; x += 16) {
        bytes16 p = get16(b + x), q = get16(g + x), s = get16(r + x), t;
        t = PICK(p, q, 0, 16, -1, 1, 17, -1, 2, 18, -1, 3, 19, -1, 4, 20, -1, 5);
        put16(bgr + 3 * x, PICK(t, s, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
        t = PICK(p, q, 21, -1, 6, 22, -1, 7, 23, -1, 8, 24, -1, 9, 25, -1, 10, 26);
        put16(bgr + 3 * x + 16, PICK(t, s, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15));
        t = PICK(p, q, -1, 11, 27, -1, 12, 28, -1, 13, 29, -1, 14, 30, -1, 15, 31, -1);
        put16(bgr + 3 * x + 32, PICK(t, s, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31));
    }
#endif
    for (; x < n; x++) {
        bgr[3 * x] = b[x];
        bgr[3 * x + 1] = g[x];
        bgr[3 * x + 2] = r[x];
    }
}

#endif
