#include <oneapi/dnnl/dnnl.h>

// The level of x86-64 for which the Swift modules are compiled (-Xcc -march): only a header that
// Swift imports can tell it.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512CD__) \
    && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define GLOCAL_BUILD_LEVEL 4
#elif defined(__AVX2__) && defined(__FMA__) && defined(__BMI2__)
#define GLOCAL_BUILD_LEVEL 3
#elif defined(__SSE4_2__)
#define GLOCAL_BUILD_LEVEL 2
#else
#define GLOCAL_BUILD_LEVEL 1
#endif
