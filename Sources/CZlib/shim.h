#ifndef EDGEWISE_CZLIB_SHIM_H
#define EDGEWISE_CZLIB_SHIM_H

#include <zlib.h>

#endif
