#include <linecard.h>
#include <linecard_adapters.h>

int main(void) { return 0; }
