/** Who reads the answer, and where. */
export type RenderOptions = {
  /** Columns to fit; undefined: not a screen, nothing is cut. */
  readonly width: number | undefined;
  readonly color: boolean;
  /** IANA name of the zone that times are shown in. */
  readonly zone: string;
};
