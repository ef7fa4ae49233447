// A target needs a source; what these are made for is their precompiled header.
int main() { return 0; }
