const { Segmenter } = Intl;

/**
 * Stands for `Intl.Segmenter` in what is shipped: making one loads the grapheme data of all scripts, and packages make
 * theirs when they are loaded. This one is made when the first text is to be segmented.
 */
export default class LazySegmenter {
  #options;
  #segmenter;

  constructor(...options) {
    this.#options = options;
  }

  segment(text) {
    this.#segmenter ??= new Segmenter(...this.#options);
    return this.#segmenter.segment(text);
  }
}
