/** The kinds of documents, which are also the kinds of records that tell what spans come from. The host knows them too. */
export const REQUEST: u32 = 1;
export const FLAT_SPAN: u32 = 2;
export const PYTHON_SPAN: u32 = 3;
export const NODE_SPAN: u32 = 4;
