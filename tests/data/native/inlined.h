static inline __attribute__((always_inline)) long mixed(long sum, long with) {
    sum ^= with * 31;
    sum += sum >> 3;
    return sum;
}
