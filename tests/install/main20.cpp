#include <linecard/linecard.hpp>

int main() { return 0; }
