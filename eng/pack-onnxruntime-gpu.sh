#!/usr/bin/env bash
# Packs ONNX Runtime for CUDA and TensorRT (Linux, x64) into artifacts/onnxruntime-gpu, out of three npm packages
# that hold parts of it: the official C# sources, the core of the build for GPUs (Node's), and the providers.
# For machines whose NuGet sources do not have Microsoft.ML.OnnxRuntime.Gpu. Where that folder exists, -p:OnnxRuntime=gpu
# takes ONNX Runtime from there, in the version named in Directory.Packages.props; remove the folder to go back.
# Needs npm and the .NET SDK. Nothing it brings belongs into the repository.
set -euo pipefail
npm_version=0.4.9
core_version=1.29.0
version=$core_version-local
repository="$(cd "$(dirname "$0")/.." && pwd)"
target="$repository/artifacts/onnxruntime-gpu"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

cd "$work"
take() {
  npm pack --silent "$1@$2" > /dev/null
  mkdir -p "$1" && tar xzf "$1-$2.tgz" -C "$1" && rm "$1-$2.tgz"
}
take com.github.asus4.onnxruntime "$npm_version"
take com.github.asus4.onnxruntime.linux-x64-gpu "$npm_version"
take onnxruntime-node "$core_version"

# The official C# sources, compiled as the package's own assembly.
mkdir managed && cp -r com.github.asus4.onnxruntime/package/Runtime managed/
# The one place where they are older than the tensors of .NET 10.
sed -i 's/Tensor\.Create<T>(tensor\.Lengths)/Tensor.CreateFromShape<T>(tensor.Lengths)/' managed/Runtime/OrtValue.shared.cs
cat > managed/Microsoft.ML.OnnxRuntime.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <PackageId>Microsoft.ML.OnnxRuntime.Managed</PackageId>
    <Version>$version</Version>
    <Authors>local</Authors>
    <Description>ONNX Runtime's C# sources, packed on this machine.</Description>
    <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
    <NoWarn>\$(NoWarn);CS1591;CS1587;CS1572;CS1573;CS1574;CS0419;CS1570;CS0618;SYSLIB0004;NU5100;NU5128</NoWarn>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <Using Include="System.Reflection" />
    <PackageReference Include="System.Numerics.Tensors" Version="10.0.15" />
  </ItemGroup>
</Project>
XML

# The native libraries, beside which an application finds its CUDA and TensorRT providers.
# The core has to be Node's: the one beside the C# sources was built without CUDA and cannot take the provider.
mkdir -p gpu/native
cp com.github.asus4.onnxruntime.linux-x64-gpu/package/Plugins/Linux/x64/libonnxruntime_providers_*.so gpu/native/
cp onnxruntime-node/package/bin/napi-v6/linux/x64/libonnxruntime.so.1 gpu/native/libonnxruntime.so
cat > gpu/Gpu.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <PackageId>Microsoft.ML.OnnxRuntime.Gpu</PackageId>
    <Version>$version</Version>
    <Authors>local</Authors>
    <Description>ONNX Runtime's libraries for CUDA and TensorRT on Linux, packed on this machine.</Description>
    <IncludeBuildOutput>false</IncludeBuildOutput>
    <NoWarn>\$(NoWarn);NU5100;NU5128</NoWarn>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.ML.OnnxRuntime.Managed" Version="[$version]" />
    <None Include="native/*.so" Pack="true" PackagePath="runtimes/linux-x64/native" />
  </ItemGroup>
</Project>
XML

mkdir -p packages
dotnet pack managed -c Release -o packages --nologo -v q
dotnet pack gpu -c Release -o packages --nologo -v q -p:RestoreAdditionalProjectSources="$work/packages"
rm -rf "$target" && mkdir -p "$target" && mv packages/*.nupkg "$target/"

# A package of the same version that was unpacked before would be taken instead of the new one.
cache="$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')"
rm -rf "${cache:?}/microsoft.ml.onnxruntime.managed/$version" "${cache:?}/microsoft.ml.onnxruntime.gpu/$version"
ls -l "$target"
