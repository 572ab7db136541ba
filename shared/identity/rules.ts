/** The things that each role reads of every facility and person in the areas of its token. A role without an entry reads nothing by area. */
export type ReadByArea<What extends string> = ReadonlyMap<string, readonly What[]>;

interface RolesInAreas {
  roles: readonly string[];
  areas: readonly string[];
}

/** Returns whether one of the roles reads this by area. */
export function isReadByArea<What extends string>(
  table: ReadByArea<What>,
  { roles }: Pick<RolesInAreas, 'roles'>,
  what: What,
): boolean {
  return roles.some((role) => table.get(role)?.includes(what));
}

/** Returns the areas (AGS prefixes) in which the caller reads this of everybody: those of the token, or none. */
export function areasToRead<What extends string>(
  table: ReadByArea<What>,
  claims: RolesInAreas,
  what: What,
): readonly string[] {
  return isReadByArea(table, claims, what) ? claims.areas : [];
}

/** Returns whether an area lies in one of these areas (AGS prefixes). */
export function isInAreas(areas: readonly string[], area: string): boolean {
  return areas.some((one) => area.startsWith(one));
}
