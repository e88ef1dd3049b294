using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Sidecars.Tests.Architecture;

/// <summary>
/// Which types of an assembly use which others of it, read from its metadata and its method bodies: base types,
/// interfaces, fields, signatures, locals, and every type, method or field that an instruction names. Nested types
/// count as the type they are nested in.
/// </summary>
internal sealed class TypeUse : ISignatureTypeProvider<IEnumerable<string>, object?>
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly Dictionary<string, HashSet<string>> _uses = new(StringComparer.Ordinal);
    private HashSet<string> _current = [];

    private TypeUse(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
    }

    /// <summary>Reads an assembly file: full name of each outermost type → full names of those it uses.</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var use = new TypeUse(file);
        foreach (TypeDefinitionHandle handle in use._metadata.TypeDefinitions)
        {
            use.ReadType(handle);
        }

        return use._uses;
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        string name = OutermostName(handle);
        if (!_uses.TryGetValue(name, out HashSet<string>? uses))
        {
            _uses[name] = uses = new HashSet<string>(StringComparer.Ordinal);
        }

        _current = uses;
        Add(type.BaseType);
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
        {
            Add(_metadata.GetInterfaceImplementation(implemented).Interface);
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            Add(_metadata.GetFieldDefinition(field).DecodeSignature(this, null));
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            ReadMethod(_metadata.GetMethodDefinition(method));
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        Add(method.DecodeSignature(this, null));
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            foreach (IEnumerable<string> local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null))
            {
                Add(local);
            }
        }

        foreach (EntityHandle token in IlTokens.Of(body.GetILReader()))
        {
            Add(token);
        }
    }

    private void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _current.Add(OutermostName((TypeDefinitionHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                Add(_metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null));
                break;
            case HandleKind.MethodDefinition:
                Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(generic.Method);
                foreach (IEnumerable<string> argument in generic.DecodeSignature(this, null))
                {
                    Add(argument);
                }

                break;
        }
    }

    private void Add(MethodSignature<IEnumerable<string>> signature)
    {
        Add(signature.ReturnType);
        foreach (IEnumerable<string> parameter in signature.ParameterTypes)
        {
            Add(parameter);
        }
    }

    private void Add(IEnumerable<string> types) => _current.UnionWith(types);

    private string OutermostName(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            handle = type.GetDeclaringType();
            type = _metadata.GetTypeDefinition(handle);
        }

        return $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}";
    }

    IEnumerable<string> ISimpleTypeProvider<IEnumerable<string>>.GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    IEnumerable<string> ISimpleTypeProvider<IEnumerable<string>>.GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        [OutermostName(handle)];

    IEnumerable<string> ISimpleTypeProvider<IEnumerable<string>>.GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

    IEnumerable<string> ISignatureTypeProvider<IEnumerable<string>, object?>.GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    IEnumerable<string> IConstructedTypeProvider<IEnumerable<string>>.GetArrayType(IEnumerable<string> elementType, ArrayShape shape) => elementType;

    IEnumerable<string> ISZArrayTypeProvider<IEnumerable<string>>.GetSZArrayType(IEnumerable<string> elementType) => elementType;

    IEnumerable<string> IConstructedTypeProvider<IEnumerable<string>>.GetByReferenceType(IEnumerable<string> elementType) => elementType;

    IEnumerable<string> IConstructedTypeProvider<IEnumerable<string>>.GetPointerType(IEnumerable<string> elementType) => elementType;

    IEnumerable<string> IConstructedTypeProvider<IEnumerable<string>>.GetGenericInstantiation(
        IEnumerable<string> genericType, ImmutableArray<IEnumerable<string>> typeArguments) =>
        [.. genericType, .. typeArguments.SelectMany(static a => a)];

    IEnumerable<string> ISignatureTypeProvider<IEnumerable<string>, object?>.GetFunctionPointerType(MethodSignature<IEnumerable<string>> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(static p => p)];

    IEnumerable<string> ISignatureTypeProvider<IEnumerable<string>, object?>.GetGenericMethodParameter(object? genericContext, int index) => [];

    IEnumerable<string> ISignatureTypeProvider<IEnumerable<string>, object?>.GetGenericTypeParameter(object? genericContext, int index) => [];

    IEnumerable<string> ISignatureTypeProvider<IEnumerable<string>, object?>.GetModifiedType(
        IEnumerable<string> modifier, IEnumerable<string> unmodifiedType, bool isRequired) => unmodifiedType;

    IEnumerable<string> ISignatureTypeProvider<IEnumerable<string>, object?>.GetPinnedType(IEnumerable<string> elementType) => elementType;
}
