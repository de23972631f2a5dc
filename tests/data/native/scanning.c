/* The quadratic fault that a well-known game had: `sscanf` measures the rest of the text at every
   number. `strtol` on the same text is its linear control. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile long sink;

__attribute__((noinline)) void read_with_sscanf(const char *text) {
    int number;
    for (; sscanf(text, "%d", &number) == 1; text += 2) sink += number;
}

__attribute__((noinline)) void read_with_strtol(const char *text) {
    for (char *end = (char *)text; *end; end++) sink += strtol(end, &end, 10);
}

int main(int count, char **words) {
    long numbers = count > 1 ? atol(words[1]) : 0;
    char *text = malloc(2 * numbers + 1);
    for (long at = 0; at < numbers; at++) memcpy(text + 2 * at, "7,", 2);
    text[2 * numbers] = 0;
    for (int turn = 0; turn < 2; turn++) {
        read_with_sscanf(text);
        read_with_strtol(text);
    }
    free(text);
    return 0;
}
