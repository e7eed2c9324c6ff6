package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
)

const root = "../../../.."

// TestReasonsDeclareTheirStatus reads how the services refuse, and holds what a reason declares against the kind of the
// error: the documents would promise another status otherwise.
func TestReasonsDeclareTheirStatus(t *testing.T) {
	set, err := readImage(root + "/proto/gen/openapi/descriptors.binpb")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[protoreflect.FullName]map[string]reason{}
	for _, f := range set.GetFile() {
		for _, e := range f.GetEnumType() {
			if strings.HasSuffix(f.GetName(), "/reasons.proto") {
				reasons[protoreflect.FullName(f.GetPackage())] = declared(e)
			}
		}
	}
	found := 0
	for _, r := range append(refusalsIn(t, "services"), refusalsIn(t, "pkg")...) {
		says, known := reasons["handover.type.v1"][r.reason]
		if own, named := reasons[protoreflect.FullName("handover."+r.service+".v1")][r.reason]; named {
			says, known = own, true
		}
		if !known || strings.HasPrefix(r.file, root+"/pkg/sim/") || rare()[filepath.Base(r.file)+" "+r.reason] {
			continue
		}
		if found++; says.status != statusOf(r) {
			t.Errorf("%s: %s is refused as %s with %d, and its reason declares %d", r.file, r.reason, r.kind, statusOf(r), says.status)
		}
	}
	if found < 60 {
		t.Errorf("found %d refusals only", found)
	}
}

// rare are places that refuse for the declared reason in another way: the usual one is what the documents show.
func rare() map[string]bool {
	return map[string]bool{
		"submit.go FIELD_REQUIRED":   true, // the draft lacks it, not the request
		"template.go FIELD_REQUIRED": true, // the same
		"contacts.go PERSON_UNKNOWN": true, // the replacement that the request names
		"open.go KIND_DENIED":        true, // nobody may ask for the kind, whatever the role
	}
}

// refusal is one place in the code that refuses.
type refusal struct{ file, service, kind, reason string }

// refusalsIn finds them by how every service writes them.
func refusalsIn(t *testing.T, tree string) (out []refusal) {
	t.Helper()
	constant := regexp.MustCompile(`\b(Reason\w+|reason\w+)\s*=\s*"([A-Z_]+)"`)
	made := regexp.MustCompile(`errs\.(?:New|Wrap)\((?:\w+, )?errs\.(\w+), (?:\w+\.)?("[A-Z_]+"|[rR]eason\w+)`)
	field := regexp.MustCompile(`errs\.(InvalidField)\([^,]+, (?:\w+\.)?("[A-Z_]+"|[rR]eason\w+)`)
	texts, values := map[string]string{}, map[string]string{}
	err := filepath.WalkDir(filepath.Join(root, tree), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		texts[path] = string(raw)
		for _, c := range constant.FindAllStringSubmatch(texts[path], -1) {
			values[serviceOf(path)+" "+c[1]] = c[2]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range texts {
		for _, m := range append(made.FindAllStringSubmatch(text, -1), field.FindAllStringSubmatch(text, -1)...) {
			reason := strings.Trim(m[2], `"`)
			if value, ok := values[serviceOf(path)+" "+reason]; ok {
				reason = value
			}
			out = append(out, refusal{path, serviceOf(path), m[1], reason})
		}
	}
	return out
}

func serviceOf(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, root+"/"), "/")
	return parts[1]
}

// statusOf is what the gateway makes of a kind and, of a few reasons, by their name.
func statusOf(r refusal) int {
	byReason := map[string]int{
		"ETAG_MISMATCH": 412, "REQUEST_TOO_LARGE": 413, "CONTENT_TYPE_UNSUPPORTED": 415, "METHOD_NOT_ALLOWED": 405,
		"REQUEST_LATE": 408,
	}
	if status, ok := byReason[r.reason]; ok {
		return status
	}
	return map[string]int{
		"Invalid": 400, "InvalidField": 400, "Unauthenticated": 401, "Denied": 403, "NotFound": 404, "Exists": 409, "Precondition": 409,
		"Conflict": 409, "Exhausted": 429, "Cancelled": 499, "Internal": 500, "Unimplemented": 501, "Unavailable": 503, "Deadline": 504,
	}[r.kind]
}
