package config

import "path/filepath"

// File is the path of a file that is read when it is needed, and again when it changes. A relative path in a configuration
// file begins in that file's folder.
type File string

// Path returns the path; empty when none is configured.
func (f File) Path() string { return string(f) }

// place turns what stands in a configuration file into a path from the working folder.
func (d *decoder) place(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(d.folder, path)
}
