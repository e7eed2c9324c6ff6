package wire

import "reflect"

// ReasonOf is the Reason of an exception that has one.
func ReasonOf(err error) string {
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() != reflect.Struct {
		return ""
	}
	if reason := v.FieldByName("Reason"); reason.IsValid() && reason.Kind() == reflect.String {
		return reason.String()
	}
	return ""
}
