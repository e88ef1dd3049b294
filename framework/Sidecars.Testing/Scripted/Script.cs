using System.Collections.Concurrent;

namespace Sidecars.Testing.Scripted;

/// <summary>The steps that are left, and what did not go as they say.</summary>
internal sealed class Script
{
    private readonly ConcurrentQueue<string> _failures = new();

    public ConcurrentQueue<PredictorStep> Steps { get; } = new();

    public PredictorStep? Otherwise { get; set; }

    public PredictorStep Take(ReceivedCall call)
    {
        PredictorStep? step = Steps.TryDequeue(out PredictorStep? next) ? next : Otherwise;
        if (step is null)
        {
            return Fail($"a call of {call.Path} came, and the script has no step for it");
        }

        try
        {
            while (step.Chooses is { } choose)
            {
                step = choose(call);
            }

            return step.Expectation?.Invoke(call) == false ? Fail($"a call of {call.Path} did not meet {step.ExpectationText}") : step;
        }
        catch (Exception e)
        {
            return Fail($"a call of {call.Path} made the script throw: {e.Message}");
        }
    }

    public void Complain(string failure) => _failures.Enqueue(failure);

    public List<string> Complaints()
    {
        List<string> all = [.. _failures];
        if (!Steps.IsEmpty)
        {
            all.Add($"{Steps.Count} steps were not taken");
        }

        return all;
    }

    private PredictorStep Fail(string failure)
    {
        Complain(failure);
        return PredictorStep.Status(500, "Scripted predictor: " + failure);
    }
}
