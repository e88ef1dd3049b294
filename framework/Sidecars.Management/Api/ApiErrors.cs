using k8s.Models;

namespace Sidecars.Management.Api;

/// <summary>An answer of the API server → the exception that says what to do.</summary>
internal static class ApiErrors
{
    public static KServeException Of(ApiCall call, int code, ReadOnlySpan<byte> body)
    {
        V1Status? status = ApiStatus.Read(body);
        string said = status?.Message ?? ApiStatus.Text(body);
        (KServeError error, string message) = Explain(call, code, status, said);
        return new KServeException(error, message) { HttpStatus = code };
    }

    public static KServeException Unreachable(Uri server, Exception e) => new(
        KServeError.Unreachable,
        $"The API server at {server.GetLeftPart(UriPartial.Authority)} cannot be reached: {Innermost(e).Message}",
        e);

    private static (KServeError Error, string Message) Explain(ApiCall call, int code, V1Status? status, string said) => code switch
    {
        401 => (KServeError.Unauthorized,
            $"The API server does not accept the credentials (401): {said}. Sign in again, or choose another context of the kubeconfig."),
        403 => (KServeError.Forbidden,
            $"This account may not {call.Verb} {call.FullResource} in namespace '{call.Namespace}' (403): {said}. "
            + $"It needs a Role with verb '{call.Verb}' on {call.FullResource}."),
        404 => NotFound(call, status, said),
        409 when call.Verb == "create" && status?.Reason == "AlreadyExists" => (KServeError.AlreadyExists,
            $"{What(call)} exists already. Replace, patch or apply it instead."),
        409 when FieldOwners(status) is { } owners => (KServeError.Conflict,
            $"{What(call)} has fields that somebody else set: {owners}. Take them out of the manifest, or apply with force to take them over."),
        409 => (KServeError.Conflict,
            $"{What(call)} was changed by somebody else in the meantime (409): {said}. Read it again and repeat the change."),
        410 => (KServeError.Expired, $"The version of {call.FullResource} asked for is no longer kept (410): {said}."),
        400 or 422 => (KServeError.Invalid, $"The API server refuses {What(call)} ({code}): {said}"),
        _ => (KServeError.Server, $"The API server answered {code} to {call.Verb} {What(call)}: {said}"),
    };

    /// <summary>
    /// A 404 that names an object is about the object. One that does not is about the path: nobody serves that resource.
    /// </summary>
    private static (KServeError Error, string Message) NotFound(ApiCall call, V1Status? status, string said)
    {
        if (status?.Details?.Name is { Length: > 0 } name)
        {
            return status.Details.Kind == "namespaces"
                ? (KServeError.NotFound, $"There is no namespace '{name}'.")
                : (KServeError.NotFound, $"There is no {Singular(call.Resource)} '{name}' in namespace '{call.Namespace}'.");
        }

        return call.Resource == ApiCall.InferenceServices
            ? (KServeError.NotInstalled,
                $"The cluster has no {call.FullResource} of version v1beta1: KServe is not installed in it (404: {said}). "
                + "Install KServe and its custom resource definitions, or choose another context of the kubeconfig.")
            : (KServeError.NotFound, $"The API server knows no {What(call)} (404): {said}");
    }

    /// <summary>The managers of the fields in a conflict of server-side apply; null for another conflict.</summary>
    private static string? FieldOwners(V1Status? status)
    {
        string[] owners = [.. (status?.Details?.Causes ?? [])
            .Where(c => c.Reason == "FieldManagerConflict").Select(c => $"{c.Field} ({c.Message})")];
        return owners.Length == 0 ? null : string.Join(", ", owners);
    }

    private static string What(ApiCall call) => call.Name is null
        ? $"{Singular(call.Resource)} in namespace '{call.Namespace}'"
        : $"{Singular(call.Resource)} '{call.Name}' in namespace '{call.Namespace}'";

    private static string Singular(string resource) => resource switch
    {
        ApiCall.InferenceServices => "InferenceService",
        "pods" => "pod",
        "events" => "events",
        _ => resource,
    };

    /// <summary>What lies behind a time that ran out is only how it was noticed.</summary>
    private static Exception Innermost(Exception e) => e.InnerException is null || e is TimeoutException ? e : Innermost(e.InnerException);
}
