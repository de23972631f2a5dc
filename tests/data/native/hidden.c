/* A program that is linear to the eye: `square` costs little at first and grows with n * n. */
#include <stdlib.h>

static volatile long sink;

__attribute__((noinline)) void step(int times) {
    for (int i = 0; i < times; i++) sink++;
}

__attribute__((noinline)) void square(int n) {
    for (int i = 0; i < n / 4 * (n / 4); i++) sink++;
}

int main(int count, char **words) {
    int n = count > 1 ? atoi(words[1]) : 0;
    for (int i = 0; i < n; i++) step(3000);
    square(n);
    return 0;
}
