#include <linecard_c.hpp>

int main() { return 0; }
