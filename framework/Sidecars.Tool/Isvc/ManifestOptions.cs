using System.CommandLine;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary>What a manifest is made of, as options.</summary>
internal sealed class ManifestOptions
{
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "The namespace." };
    private readonly Option<string?> _mode = ModeOption.Create("How it is run. Default: the cluster's own.");
    private readonly Option<string> _format = new("--model-format")
    {
        Description = "The predictor's kind of model.",
        DefaultValueFactory = _ => "sklearn",
    };
    private readonly Option<string?> _storage = new("--storage-uri")
    {
        Description = "Where the predictor's model lies.",
    };
    private readonly Option<string?> _protocol = new("--protocol")
    {
        Description = "What the predictor speaks: v1, v2 or grpc-v2.",
    };
    private readonly Option<string?> _runtime = new("--runtime")
    {
        Description = "The ServingRuntime. Default: KServe chooses.",
    };
    private readonly Option<string?> _predictorImage = new("--predictor-image")
    {
        Description = "A predictor of one's own instead of a model.",
    };
    private readonly Option<string?> _transformer = new("--transformer-image")
    {
        Description = "The transformer's image.",
    };
    private readonly Option<string[]> _transformerArgs = new("--transformer-arg")
    {
        Description = "An argument for it; may be repeated.",
    };
    private readonly Option<string?> _explainer = new("--explainer-image") { Description = "The explainer's image." };
    private readonly Option<string[]> _explainerArgs = new("--explainer-arg")
    {
        Description = "An argument for it; may be repeated.",
    };
    private readonly Option<string?> _explainerStorage = new("--explainer-storage-uri")
    {
        Description = "What the explainer finds at /mnt/models.",
    };
    private readonly Option<bool> _grpc = new("--grpc")
    {
        Description = "The transformer takes gRPC: port 8081, name h2c.",
    };
    private readonly Option<int?> _min = new("--min-replicas")
    {
        Description = "The fewest pods of each component; 0 scales to zero.",
    };
    private readonly Option<int?> _max = new("--max-replicas") { Description = "The most pods of each component." };
    private readonly Option<string?> _metric = new("--scale-metric")
    {
        Description = "cpu, memory, concurrency or rps.",
    };
    private readonly Option<int?> _target = new("--scale-target")
    {
        Description = "The metric's value that a pod should be at.",
    };
    private readonly Option<int?> _timeout = new("--timeout")
    {
        Description = "How long a request may take, in seconds.",
    };
    private readonly Option<string?> _account = new("--service-account")
    {
        Description = "The account with the storage's secrets.",
    };

    public ManifestOptions() => _protocol.AcceptOnlyFromAmong("v1", "v2", "grpc-v2");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_namespace, _mode, _format, _storage, _protocol, _runtime, _predictorImage, _transformer, _transformerArgs, _explainer,
                _explainerArgs, _explainerStorage, _grpc, _min, _max, _metric, _target, _timeout, _account])
        {
            command.Add(option);
        }
    }

    public InferenceService Build(ParseResult given, string name)
    {
        string? protocol = given.GetValue(_protocol);
        var service = new InferenceService
        {
            Metadata = { Name = name, NamespaceProperty = given.GetValue(_namespace) },
            DeploymentMode = ModeOption.Read(given.GetValue(_mode)),
            Spec = new() { Predictor = Common(given, Predictor(given, protocol)) },
        };
        if (given.GetValue(_transformer) is { } transformer)
        {
            bool grpc = given.GetValue(_grpc);
            ContainerSpec container = Container(transformer, given.GetValue(_transformerArgs), protocol);
            container.Env = Spoken(grpc, protocol) is { } spoken ? [new() { Name = "PROTOCOL", Value = spoken }] : null;
            if (grpc)
            {
                container.Ports = [new() { Name = "h2c", ContainerPort = 8081, Protocol = "TCP" }];
            }

            service.Spec.Transformer = Common(given, new ComponentSpec { Containers = [container] });
        }

        if (given.GetValue(_explainer) is { } explainer)
        {
            service.Spec.Explainer = Common(given, new ComponentSpec
            {
                Containers = [Container(explainer, given.GetValue(_explainerArgs), protocol)],
                StorageUris = given.GetValue(_explainerStorage) is { } uri ? [new() { Uri = uri }] : null,
            });
        }

        return service;
    }

    private PredictorSpec Predictor(ParseResult given, string? protocol) => given.GetValue(_predictorImage) is { } image
        ? new() { Containers = [new() { Name = "kserve-container", Image = image }] }
        : new()
        {
            Model = new()
            {
                ModelFormat = new() { Name = given.GetValue(_format) },
                ProtocolVersion = protocol,
                Runtime = given.GetValue(_runtime),
                StorageUri = given.GetValue(_storage),
            },
        };

    private T Common<T>(ParseResult given, T component)
        where T : ComponentSpec
    {
        component.MinReplicas = given.GetValue(_min);
        component.MaxReplicas = given.GetValue(_max);
        component.ScaleMetric = given.GetValue(_metric);
        component.ScaleTarget = given.GetValue(_target);
        component.Timeout = given.GetValue(_timeout);
        component.ServiceAccountName = given.GetValue(_account);
        return component;
    }

    /// <summary>
    /// What callers of the transformer speak, which it takes in any case: KServe reads this variable for the paths in the
    /// service's status and in graphs. Null where its own default, V1, is right.
    /// </summary>
    private static string? Spoken(bool grpc, string? predictorProtocol) => grpc ? "grpc-v2" : predictorProtocol is null or "v1" ? null : "v2";

    /// <summary>KServe tells the container its model's name and its predictor's host, but not what the predictor speaks.</summary>
    private static ContainerSpec Container(string image, string[]? args, string? protocol)
    {
        List<string> all = [.. args ?? []];
        if (protocol is not null and not "v1" && !all.Any(a => a.StartsWith("--predictor_protocol", StringComparison.Ordinal)))
        {
            all.Insert(0, "--predictor_protocol=" + protocol);
        }

        return new() { Name = "kserve-container", Image = image, Args = all.Count > 0 ? all : null };
    }
}
