/* Recursion of a given depth. */
#include <stdlib.h>

static volatile int sink;

__attribute__((noinline)) int deep(int n) {
    if (n == 0) return sink;
    int below = deep(n - 1);
    sink++;
    return below + 1;
}

int main(int count, char **words) { return deep(atoi(words[count - 1])) == 0; }
