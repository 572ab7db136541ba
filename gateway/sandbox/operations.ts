/** What a newcomer finds in the first tabs. Comments are for whoever has the duty, not for developers. */
export const READY_MADE = [
  `# Intensive care in Germany, Land by Land.
# Start it with the triangle, or Ctrl-Enter.
#
# The sums count every value ever reported.
# How far to trust them stands beside them:
#   facilities  houses with intensive care
#   reporting   ... of which have reported
#   stale       ... too long ago to steer by

query SituationByLand {
  regions(level: LAND) {
    code
    name
    beds(category: ICU_UNSPECIFIED) {
      operable
      occupied
      free
      facilities
      reporting
      stale
    }
  }
}
`,
  `# Free intensive care within 30 km of Cologne,
# the nearest first. Only fresh reports count.
#   staleAt  when a report stops being fresh
#   method   REPORTED by the house, or MODELLED

query FreeNearCologne {
  facilities(
    filter: {
      near: { latitude: 50.94, longitude: 6.96, km: 30 }
      category: ICU_UNSPECIFIED
      minFree: 1
    }
    first: 20
  ) {
    edges {
      node {
        name
        area
        beds(category: ICU_UNSPECIFIED) {
          free
          operable
          staleAt
          provenance {
            source
            method
          }
        }
      }
    }
  }
}
`,
  `# Live: what changes in North Rhine-Westphalia,
# one message for each house and change.
# Start it and leave it running.
#
# After a break, go on where you were and miss
# nothing: capacityChanged(area: "05",
#                          after: "last cursor")

subscription LiveNorthRhineWestphalia {
  capacityChanged(area: "05") {
    cursor
    at
    facility {
      name
      beds(category: ICU_UNSPECIFIED) {
        operable
        occupied
        free
      }
    }
  }
}
`,
];
