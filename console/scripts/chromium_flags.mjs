// Debian's chromium as the scripts here start it: nothing is asked of any network but the page's own.
export const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
