#ifndef EDGEWISE_CEXPAT_SHIM_H
#define EDGEWISE_CEXPAT_SHIM_H

#include <expat.h>

#endif
