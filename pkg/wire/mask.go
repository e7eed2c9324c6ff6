package wire

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/errs"
)

// Mask returns the paths of an update mask, refusing any path that the verb does not let change.
func Mask(mask *fieldmaskpb.FieldMask, mutable ...string) ([]string, error) {
	for _, path := range mask.GetPaths() {
		if !slices.Contains(mutable, path) {
			return nil, errs.InvalidField("update_mask", "FIELD_IMMUTABLE", "%s cannot be changed; these can: %s", path, strings.Join(mutable, ", "))
		}
	}
	if len(mask.GetPaths()) == 0 {
		return nil, errs.InvalidField("update_mask", "FIELD_REQUIRED", "name at least one field: %s", strings.Join(mutable, ", "))
	}
	return mask.GetPaths(), nil
}
