// Package optional applies what a caller may leave out.
package optional

// Set overwrites a value when a new one is given; nil: it stays as it is.
func Set[T any](value *T, given *T) {
	if given != nil {
		*value = *given
	}
}
