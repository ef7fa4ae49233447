// Outlines of kinds of weapons, part by part, as seen from the right: the muzzle points right. The
// left side is the same mirrored, but for what is on one side only. They show where a marking sits;
// they are no picture of a model.

// x, y, width, height of the place on a part where its markings are.
export type Box = readonly [number, number, number, number];

export interface ShapePart {
  part: string;          // code of the list location_part; empty: nothing is marked there
  d: string;             // path, filled even-odd
  box: Box;
}

export interface Shape {
  name: string;          // as in the message pictures.shape.NAME
  parts: readonly ShapePart[];
  lines: string;         // strokes without a filling, on both sides
  right: string;         // strokes on the right side only: where cases are thrown out
  left: string;          // strokes on the left side only: levers
  whole: boolean;        // any part is this one piece: the drawing knows no parts
}

export const SHAPE_WIDTH = 400;
export const SHAPE_HEIGHT = 150;

const PISTOL: Shape = {
  name: 'pistol',
  parts: [
    { part: 'BARREL', d: 'M330 35h14v14h-14z', box: [330, 35, 14, 14] },
    { part: 'SLIDE', d: 'M62 24h8l4-6h8l3 6h222l4-5h6v5h10q5 0 5 5v27H66q-6-14-4-32z', box: [130, 27, 180, 24] },
    { part: 'FRAME_RECEIVER', d: 'M52 56h272v16q0 4-4 4h-88l-10 4h-64l-18 6H96q-6-14-24-20-14-4-20-10z', box: [110, 58, 190, 16] },
    { part: 'TRIGGER_GUARD', d: 'M158 80h74q2 24-10 32-6 4-18 4h-36q-8 0-11-5zM168 86l-2 22q1 2 4 2h32q9 0 13-3 8-6 8-21z', box: [170, 108, 44, 8] },
    { part: 'GRIP', d: 'M96 86h54q4 30-10 54H68q2-18 12-34 6-10 16-20z', box: [84, 94, 50, 36] },
    { part: 'MAGAZINE_WELL', d: 'M64 140h78v7H62z', box: [70, 140, 64, 7] },
  ],
  lines: 'M82 24l6 32M90 24l6 32M98 24l6 32M106 24l6 32M184 84q4 10 0 20',
  right: 'M206 30h54v14h-54z',
  left: 'M150 62h26l4 6h-30zM204 62h14v5h-14z',
  whole: false,
};

const REVOLVER: Shape = {
  name: 'revolver',
  parts: [
    { part: 'BARREL', d: 'M204 30h140v26h-96q-4 8-16 8h-28z', box: [220, 34, 110, 18] },
    { part: 'FRAME_RECEIVER', d: 'M112 40q6-14 22-16h76v8h-66v44h60v12h-84q-12-4-14-16-2-10 6-32z', box: [114, 78, 84, 10] },
    { part: 'CYLINDER', d: 'M144 34h58q4 0 4 6v28q0 6-4 6h-58z', box: [150, 40, 46, 28] },
    { part: 'TRIGGER_GUARD', d: 'M142 88h62q0 26-22 28-32 3-40-28zM152 94q8 20 30 17 13-3 14-17z', box: [160, 108, 34, 8] },
    { part: 'GRIP', d: 'M120 60l-8 28h22q2 22-16 56-20 4-46 0 2-16 14-40 12-20 12-44z', box: [82, 96, 40, 36] },
  ],
  lines: 'M112 40l-14-12 8-8q12 4 18 14M326 30l4-7h10v7M150 40h40M150 68h40M172 92q6 8 2 14',
  right: '',
  left: 'M122 62h14v6h-14z',
  whole: false,
};

const RIFLE: Shape = {
  name: 'rifle',
  parts: [
    { part: 'BARREL', d: 'M206 52h182v8H206z', box: [250, 51, 130, 10] },
    { part: 'FRAME_RECEIVER', d: 'M132 46h66q8 0 8 6v14h-82q0-14 8-20z', box: [136, 50, 66, 14] },
    { part: 'BOLT', d: 'M112 50h22v8h-22q-4-4 0-8zM130 56l8 2 4 18q3 8-4 10-8 0-7-8z', box: [112, 50, 24, 8] },
    { part: 'STOCK', d: 'M124 66h82v-6h92v10q-10 6-28 6h-76l-60 4q-20 6-34 10l-86 34q-6-4-6-16V78q40 2 78-4 30-4 38-8z', box: [24, 86, 74, 24] },
    { part: 'MAGAZINE_WELL', d: 'M166 76h38v8q-20 6-38 4z', box: [170, 77, 32, 8] },
    { part: 'TRIGGER_GUARD', d: 'M124 82l40-4v6q-2 16-18 18-16 0-22-20zM130 86q6 12 16 11 11-1 12-15z', box: [132, 94, 28, 8] },
  ],
  lines: 'M372 52l3-8h6v8M144 84q4 6 0 10M8 78l8 46M298 60v10',
  right: 'M150 50h36v7h-36z',
  left: 'M138 52h10v5h-10z',
  whole: false,
};

const ASSAULT_RIFLE: Shape = {
  name: 'assault_rifle',
  parts: [
    { part: 'BARREL', d: 'M302 52h84v8h-84z', box: [310, 51, 70, 10] },
    { part: 'FRAME_RECEIVER', d: 'M104 54h130v26H118q-10 0-14-8z', box: [112, 62, 118, 16] },
    { part: 'TOP_COVER', d: 'M106 54q4-14 16-14h92q8 4 12 14z', box: [116, 42, 100, 11] },
    { part: 'BOLT', d: 'M190 56h34v6h-34z', box: [190, 55, 34, 8] },
    { part: '', d: 'M234 50h66q4 0 4 6v14q0 6-6 6h-64zM234 36h60v8h-60z', box: [0, 0, 0, 0] },
    { part: 'STOCK', d: 'M104 56v20L28 106q-14 4-16 0V70q44-4 92-14z', box: [22, 76, 66, 20] },
    { part: 'GRIP', d: 'M118 80h30l-14 46q-16 4-30 0 4-24 14-46z', box: [112, 90, 24, 32] },
    { part: 'MAGAZINE_WELL', d: 'M178 80h46q6 32 26 54-14 12-32 14-26-28-40-68z', box: [184, 82, 42, 34] },
    { part: 'TRIGGER_GUARD', d: 'M148 80h30q4 22-12 22h-12q-10 0-6-22zM153 85q-2 12 3 12h10q8 0 7-12z', box: [150, 94, 24, 8] },
  ],
  lines: 'M372 52l2-14h6v14M196 88q8 28 26 50M12 70v36',
  right: 'M176 58h14v4h-14z',
  left: 'M128 66h30v5h-30z',
  whole: false,
};

const SMG: Shape = {
  name: 'smg',
  parts: [
    { part: 'BARREL', d: 'M274 50h62v12h-62z', box: [278, 50, 54, 12] },
    { part: 'FRAME_RECEIVER', d: 'M104 44h162q8 0 8 8v18q0 8-8 8H104z', box: [114, 50, 150, 22] },
    { part: 'BOLT', d: 'M206 50h40v8h-40z', box: [206, 50, 40, 8] },
    { part: 'STOCK', d: 'M104 48v8H34v44h-14V44h14v4zM104 66v6L34 80v-6z', box: [22, 52, 10, 44] },
    { part: 'GRIP', d: 'M120 78h30l-10 48q-16 4-30 0z', box: [114, 86, 26, 36] },
    { part: 'TRIGGER_GUARD', d: 'M150 78h44q2 22-14 22h-24q-10 0-6-22zM155 83q-2 12 4 12h22q8 0 8-12z', box: [156, 93, 32, 7] },
    { part: 'MAGAZINE_WELL', d: 'M202 78h26v68h-26z', box: [202, 84, 26, 56] },
    { part: 'TOP_COVER', d: 'M118 38h138v6H118z', box: [124, 37, 126, 8] },
  ],
  lines: 'M326 50l2-10h5v10M202 92h26M170 82q4 6 0 10',
  right: 'M180 62h20v8h-20z',
  left: 'M128 62h22v5h-22z',
  whole: false,
};

const SHOTGUN: Shape = {
  name: 'shotgun',
  parts: [
    { part: 'BARREL', d: 'M162 46h228v8H162zM162 54h228v8H162z', box: [190, 46, 190, 16] },
    { part: 'FRAME_RECEIVER', d: 'M122 46q8-4 40-2v34h-36q-10-4-10-14 0-12 6-18z', box: [122, 50, 38, 24] },
    { part: '', d: 'M162 62h112q-4 14-22 16h-90z', box: [0, 0, 0, 0] },
    { part: 'STOCK', d: 'M118 58q2 16 10 20-14 2-24 10-40 10-86 34-8-4-8-16V78q52 0 108-20z', box: [22, 84, 66, 22] },
    { part: 'TRIGGER_GUARD', d: 'M112 80l46-2q0 20-18 22-20 2-28-20zM119 84q7 12 20 11 11-1 13-12z', box: [124, 92, 28, 8] },
  ],
  lines: 'M122 46l-8-6M384 46v-4M132 82q4 6 0 10M140 82q4 6 0 10M10 78l8 44',
  right: '',
  left: '',
  whole: false,
};

const MACHINE_GUN: Shape = {
  name: 'machine_gun',
  parts: [
    { part: 'BARREL', d: 'M230 50h158v10H230zM256 46h60v18h-60z', box: [250, 49, 130, 12] },
    { part: 'FRAME_RECEIVER', d: 'M92 52h138v26H100q-8 0-8-8z', box: [100, 58, 124, 16] },
    { part: 'TOP_COVER', d: 'M104 52q2-14 14-14h88q8 4 10 14z', box: [114, 40, 94, 11] },
    { part: 'BOLT', d: 'M182 56h40v6h-40z', box: [182, 55, 40, 8] },
    { part: 'STOCK', d: 'M92 54v20L40 92q-20 6-26 2V62q40-2 78-8z', box: [24, 66, 54, 18] },
    { part: 'GRIP', d: 'M110 78h26l-8 42q-14 4-28 0z', box: [104, 86, 24, 30] },
    { part: 'TRIGGER_GUARD', d: 'M136 78h34q2 20-12 20h-16q-10 0-6-20zM141 83q-2 10 3 10h14q7 0 7-10z', box: [142, 91, 24, 7] },
    { part: 'MAGAZINE_WELL', d: 'M176 78h54v38q0 4-4 4h-46q-4 0-4-4z', box: [180, 82, 46, 34] },
  ],
  lines: 'M318 60l-20 84M322 60l22 84M290 144h14M338 144h14M374 50l2-12h6v12M150 38q10-14 40-12',
  right: '',
  left: '',
  whole: false,
};

const LAUNCHER: Shape = {
  name: 'launcher',
  parts: [
    { part: 'BARREL', d: 'M40 44h300v24H40zM340 38h24v36h-24zM40 38l-24-8v52l24-8z', box: [60, 48, 260, 16] },
    { part: 'FRAME_RECEIVER', d: 'M170 68h84v14h-84z', box: [176, 68, 72, 14] },
    { part: 'GRIP', d: 'M226 82h24l-8 46q-12 4-24 0zM170 82h18l4 34q-10 4-20 0z', box: [222, 90, 20, 34] },
    { part: 'TRIGGER_GUARD', d: 'M196 82h30q0 18-10 18h-12q-10 0-8-18zM201 87q0 8 4 8h10q6 0 6-8z', box: [198, 92, 24, 8] },
    { part: 'STOCK', d: 'M84 68h56q-6 16-28 16t-28-16z', box: [94, 69, 36, 12] },
  ],
  lines: 'M272 44V30h28v14M60 44v24M320 44v24',
  right: '',
  left: 'M258 30h14v10h-14z',
  whole: false,
};

// For parts, ammunition and what nothing is known of: a plain piece with two sides.
const PIECE: Shape = {
  name: 'piece',
  parts: [{ part: 'OTHER', d: 'M70 40q0-10 10-10h240q10 0 10 10v70q0 10-10 10H80q-10 0-10-10z', box: [84, 44, 232, 62] }],
  lines: '',
  right: '',
  left: '',
  whole: true,
};

const BY_TYPE: Readonly<Record<string, Shape>> = {
  SA_PISTOL: PISTOL,
  SA_MACHINE_PISTOL: PISTOL,
  SA_REVOLVER: REVOLVER,
  SA_RIFLE: RIFLE,
  SA_CARBINE: RIFLE,
  SA_ASSAULT_RIFLE: ASSAULT_RIFLE,
  SA_SMG: SMG,
  SA_SHOTGUN: SHOTGUN,
  SA_COMBINATION: SHOTGUN,
  SA_LMG: MACHINE_GUN,
  LW_HMG: MACHINE_GUN,
  LW_GPMG: MACHINE_GUN,
  LW_AA_GUN_PORTABLE: MACHINE_GUN,
  LW_GRENADE_LAUNCHER_HANDHELD: LAUNCHER,
  LW_GRENADE_LAUNCHER_MOUNTED: LAUNCHER,
  LW_AT_GUN_PORTABLE: LAUNCHER,
  LW_RECOILLESS: LAUNCHER,
  LW_AT_MISSILE_ROCKET_LAUNCHER: LAUNCHER,
  LW_MANPADS_LAUNCHER: LAUNCHER,
};

// The outline for a code of the list weapon_type; a plain piece where there is none.
export function shape_of(type: string): Shape {
  return Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type]! : PIECE;
}

export const SHAPES: readonly Shape[] = [
  PISTOL, REVOLVER, RIFLE, ASSAULT_RIFLE, SMG, SHOTGUN, MACHINE_GUN, LAUNCHER, PIECE,
];
