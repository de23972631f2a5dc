/* A function most of whose instructions come from another file, and one that begins with such. */
#include <stdlib.h>

#include "inlined.h"

static volatile long sink;

__attribute__((noinline)) long outer(long n) {
    long sum = 0;
    for (long at = 0; at < n; at++) sum = mixed(sum, at);
    return sum;
}

__attribute__((noinline)) long
begun_elsewhere(long of) { return mixed(of, of); }

int main(int count, char **words) {
    sink = outer(atol(words[1]));
    sink += begun_elsewhere(sink);
    return 0;
}
