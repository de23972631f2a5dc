/* Fills and copies as many bytes as its argument says: linear, whatever the C library does for long ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) void fill(char *bytes, size_t size) { memset(bytes, 1, size); }

__attribute__((noinline)) void copy(char *to, const char *from, size_t size) { memcpy(to, from, size); }

int main(int count, char **words) {
    size_t size = count > 1 ? strtoul(words[1], NULL, 10) : 0;
    char *one = malloc(size + 1), *other = malloc(size + 1);
    if (!one || !other) return 1;
    fill(one, size);
    copy(other, one, size);
    one[size] = other[size] = 0;
    printf("%zu\n", strlen(other));
    return 0;
}
