// COIN-OR's solver of linear programs, through its C interface (Debian: coinor-libclp-dev).
#include <coin/Clp_C_Interface.h>
