#pragma once

/// How often the calling thread has asked for memory since it began.
///
/// The program that links this module has its own malloc, calloc, realloc and aligned_alloc, which count and pass
/// on to the C library's; every library in the process uses them.
unsigned long edgewise_allocations(void);
