/** Where the layout of this test run is, for the processes that it starts. */
export const variable = 'SENTINEL_SHIPPED_LAYOUT';
