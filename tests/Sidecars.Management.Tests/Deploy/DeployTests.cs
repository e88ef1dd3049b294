using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Management.Tests.Manifest;

namespace Sidecars.Management.Tests.Deploy;

/// <summary>Every manifest of the folder <c>deploy</c>: the schema, what the schema cannot say, and what ours promise.</summary>
public sealed class DeployTests
{
    private static readonly string[] s_cases =
    [
        "bulk-explain-job.yaml", "canary-knative.yaml", "canary-standard.yaml", "explainer-cpu.yaml", "explainer-gpu.yaml",
        "scale-to-zero.yaml", "standard-hpa.yaml", "transformer-collocated.yaml", "transformer-explainer.yaml",
        "transformer-grpc.yaml", "transformer-huggingface.yaml", "transformer-mlserver.yaml", "transformer-rest-and-grpc.yaml",
        "transformer-sklearn.yaml", "transformer-triton.yaml",
    ];

    public static TheoryData<string> Services => new(s_cases.Where(f => f != "bulk-explain-job.yaml"));

    [Fact]
    public void Folder_Files_AreTheCasesAndNamedInItsReadme()
    {
        DeployFolder.Files.Should().Equal(s_cases);
        string readme = DeployFolder.Read("deploy/README.md");
        s_cases.Should().OnlyContain(f => readme.Contains($"]({f})", StringComparison.Ordinal));
    }

    [CrdTheory]
    [MemberData(nameof(Services))]
    public async Task Manifest_AgainstTheCustomResourceDefinition_IsValid(string file)
    {
        IReadOnlyList<JsonNode> services = DeployFolder.Documents(file, "InferenceService");
        services.Should().NotBeEmpty();
        foreach (JsonNode service in services)
        {
            (await CustomResourceSchema.ValidateAsync(service.ToJsonString())).Should().BeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Manifest_RulesBeyondTheSchema_AreKept(string file) =>
        DeployFolder.Services(file).SelectMany(ManifestRules.Check).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Services))]
    public void Manifest_Protocols_AgreeOnBothSides(string file)
    {
        foreach (InferenceService service in DeployFolder.Services(file))
        {
            string? served = service.Spec.Predictor!.Model?.ProtocolVersion;
            foreach (ContainerSpec own in DeployFolder.OwnContainers(service))
            {
                string asked = Flag(own, "predictor_protocol") ?? "v1";
                asked.Should().Be(served ?? "v1");
                (own.Args ?? []).Should().NotContain(a => a.StartsWith("--protocol", StringComparison.Ordinal), "KServe's server has no use for it");
            }

            // The controller takes the paths of the transformer from there; without it they are V1's.
            ContainerSpec? transformer = service.Spec.Transformer?.Containers![0];
            if (transformer is not null && served is "v2" or "grpc-v2")
            {
                transformer!.Env.Should().ContainSingle(e => e.Name == "PROTOCOL").Which.Value.Should().BeOneOf("v2", "grpc-v2");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Manifest_PortsAndProbes_AreThoseThatAreServed(string file)
    {
        foreach (ContainerSpec own in DeployFolder.Services(file).SelectMany(DeployFolder.OwnContainers))
        {
            own.Ports.Should().NotBeNullOrEmpty();
            foreach (PortSpec port in own.Ports!)
            {
                string served = port.Name == "h2c" ? Flag(own, "grpc_port") ?? "8081" : Flag(own, "http_port") ?? "8080";
                port.Name.Should().BeOneOf("http1", "h2c");
                port.ContainerPort.Should().Be(int.Parse(served, CultureInfo.InvariantCulture));
            }

            if (own.Additional!.TryGetValue("readinessProbe", out JsonElement probe))
            {
                probe.GetProperty("httpGet").GetProperty("port").GetInt32().Should().Be(own.Ports![0].ContainerPort);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Manifest_Flags_AreDocumented(string file)
    {
        string pages = string.Concat(((string[])["flags", "onnx", "explainers", "explainer-server"]).Select(p => DeployFolder.Read($"docs/{p}.md")));
        IEnumerable<string> flags = DeployFolder.Services(file).SelectMany(DeployFolder.OwnContainers)
            .SelectMany(c => c.Args ?? []).Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => a.Split('=')[0][2..]);

        // Options of the explainers stand without their dashes there.
        string[] Written(string flag) => [$"`--{flag}`", $"`--{flag} ", $"| `{flag}` |"];
        flags.Where(f => !Written(f).Any(w => pages.Contains(w, StringComparison.Ordinal))).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Manifest_OwnContainers_HaveNoPrivileges(string file)
    {
        foreach (ContainerSpec own in DeployFolder.Services(file).SelectMany(DeployFolder.OwnContainers))
        {
            Restricted(JsonNode.Parse(own.Additional!["securityContext"].GetRawText())!);
            own.Resources!.Requests.Should().ContainKeys("cpu", "memory");
            own.Image.Should().MatchRegex("^[a-z-]+:[0-9.]+$");
        }
    }

    [Fact]
    public void Job_OfBulkExplanations_IsIndexedAndCountsItsPartsOnce()
    {
        JsonNode job = DeployFolder.Documents("bulk-explain-job.yaml", "Job").Single();
        JsonNode spec = job["spec"]!, pod = spec["template"]!["spec"]!, container = pod["containers"]!.AsArray().Single()!;

        job["apiVersion"]!.GetValue<string>().Should().Be("batch/v1");
        spec["completionMode"]!.GetValue<string>().Should().Be("Indexed");
        JsonNode parts = container["env"]!.AsArray().Single(e => e!["name"]!.GetValue<string>() == "JOB_COMPLETIONS")!["value"]!;
        parts.GetValue<string>().Should().Be(spec["completions"]!.ToJsonString());
        spec["parallelism"]!.GetValue<long>().Should().BeInRange(1L, spec["completions"]!.GetValue<long>());
        pod["restartPolicy"]!.GetValue<string>().Should().Be("Never", "a policy for failed pods is refused with any other");
        container["args"]!.AsArray()[0]!.GetValue<string>().Should().Be("explain");

        string Named(JsonNode? node) => node!["name"]!.GetValue<string>();
        container["volumeMounts"]!.AsArray().Select(Named).Should().BeSubsetOf(pod["volumes"]!.AsArray().Select(Named));
        spec["podFailurePolicy"]!["rules"]![0]!["onExitCodes"]!["containerName"]!.GetValue<string>().Should().Be(Named(container));

        JsonNode security = container["securityContext"]!;
        security["runAsNonRoot"] = pod["securityContext"]!["runAsNonRoot"]!.DeepClone();
        security["runAsUser"] = pod["securityContext"]!["runAsUser"]!.DeepClone();
        Restricted(security);
    }

    private static void Restricted(JsonNode security)
    {
        security["runAsUser"]!.GetValue<long>().Should().Be(1654);
        security["runAsNonRoot"]!.GetValue<bool>().Should().BeTrue();
        security["readOnlyRootFilesystem"]!.GetValue<bool>().Should().BeTrue();
        security["allowPrivilegeEscalation"]!.GetValue<bool>().Should().BeFalse();
        security["capabilities"]!["drop"]!.ToJsonString().Should().Be("[\"ALL\"]");
    }

    private static string? Flag(ContainerSpec container, string name) =>
        container.Args?.LastOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal))?.Split('=')[1];
}
