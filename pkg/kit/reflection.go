package kit

import (
	"fmt"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionv1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	contractproto "example.com/handover/proto"
)

// reflect lets grpcurl list and describe what a server serves, with the comments of the contract.
func reflect(server *grpc.Server) {
	o := reflection.ServerOptions{Services: server, DescriptorResolver: &commented{files: sync.OnceValues(commentedFiles)}}
	reflectionv1.RegisterServerReflectionServer(server, reflection.NewServerV1(o))
	reflectionv1alpha.RegisterServerReflectionServer(server, reflection.NewServer(o))
}

// commented finds descriptors in the contract's own files, which have comments, and all others in the linked code. The
// files are built when somebody asks first.
type commented struct {
	files func() (*protoregistry.Files, error)
}

// FindFileByPath implements protodesc.Resolver.
func (c *commented) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	own, err := c.files()
	if err != nil {
		return nil, err
	}
	if f, err := own.FindFileByPath(path); err == nil {
		return f, nil
	}
	return protoregistry.GlobalFiles.FindFileByPath(path)
}

// FindDescriptorByName implements protodesc.Resolver.
func (c *commented) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	own, err := c.files()
	if err != nil {
		return nil, err
	}
	if d, err := own.FindDescriptorByName(name); err == nil {
		return d, nil
	}
	return protoregistry.GlobalFiles.FindDescriptorByName(name)
}

func commentedFiles() (*protoregistry.Files, error) {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(contractproto.Descriptors(), &set); err != nil {
		return nil, fmt.Errorf("read the descriptors of the contract: %w", err)
	}
	files := &protoregistry.Files{}
	imports := &commented{files: func() (*protoregistry.Files, error) { return files, nil }}
	for _, f := range set.GetFile() { // each after what it imports
		built, err := protodesc.NewFile(f, imports)
		if err == nil {
			err = files.RegisterFile(built)
		}
		if err != nil {
			return nil, fmt.Errorf("build %s: %w", f.GetName(), err)
		}
	}
	return files, nil
}
