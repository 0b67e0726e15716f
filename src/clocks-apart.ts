/** So far apart the clocks of servers with one database may be. */
export const mostApartMs = 300_000;
