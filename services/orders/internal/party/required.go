package party

import "example.com/handover/pkg/errs"

// field is one that must be there.
type field struct {
	path  string
	given bool
}

// required refuses with one violation per field that is missing.
func required(fields ...field) error {
	err := errs.New(errs.Invalid, ReasonFieldRequired, "fields are missing")
	for _, f := range fields {
		if !f.given {
			err = err.WithField(f.path, ReasonFieldRequired, "is missing")
		}
	}
	if len(err.Fields) == 0 {
		return nil
	}
	return err
}
