// COIN-OR's solver of mixed integer programs, through its C interface (Debian: coinor-libcbc-dev).
#include <coin/Cbc_C_Interface.h>
