// Command complete makes the OpenAPI documents that the gateway serves, and the descriptors that reflection serves, from
// what the plugin wrote and from the contract itself: rules, refusals, headers and examples.
//
//	complete <image> <merged document> <folder>
//
// The image is a FileDescriptorSet with source info. The folder gets one document per audience and descriptors.binpb.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: complete <image> <merged document> <folder>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "complete:", err)
		os.Exit(1)
	}
}

func run(image, merged, folder string) error {
	set, err := readImage(image)
	if err != nil {
		return err
	}
	c, err := newContract(set)
	if err != nil {
		return err
	}
	for _, d := range documents() {
		doc, err := readObject(merged)
		if err != nil {
			return err
		}
		if err := d.complete(doc, c); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		if err := writeObject(filepath.Join(folder, d.name+".json"), doc); err != nil {
			return err
		}
	}
	return writeDescriptors(filepath.Join(folder, "descriptors.binpb"), set)
}

func readObject(path string) (object, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc object
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return doc, nil
}

func writeObject(path string, doc object) error {
	raw, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o644)
}
