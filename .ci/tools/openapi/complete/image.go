package main

import (
	"os"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// readImage reads a FileDescriptorSet. The options of the contract are resolved from the linked code.
func readImage(path string) (*descriptorpb.FileDescriptorSet, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	set := &descriptorpb.FileDescriptorSet{}
	return set, proto.Unmarshal(raw, set)
}

// writeDescriptors keeps the contract's own files, and of their source info the comments alone: positions are for
// compilers, and would change with every blank line.
func writeDescriptors(path string, set *descriptorpb.FileDescriptorSet) error {
	own := &descriptorpb.FileDescriptorSet{}
	for _, f := range set.GetFile() {
		if !strings.HasPrefix(f.GetPackage(), "handover.") {
			continue
		}
		info := f.GetSourceCodeInfo()
		info.Location = slices.DeleteFunc(info.GetLocation(), func(l *descriptorpb.SourceCodeInfo_Location) bool {
			return l.LeadingComments == nil && l.TrailingComments == nil
		})
		for _, l := range info.GetLocation() {
			l.Span, l.LeadingDetachedComments = []int32{0, 0, 0}, nil
		}
		own.File = append(own.File, f)
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(own)
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o644)
}
