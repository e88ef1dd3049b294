using System.Text;

namespace Sidecars.Explainers.Tabular;

/// <summary>Everything that is wrong with an artefact, to be told at once. Of very many the first are told, the rest counted.</summary>
internal sealed class Problems
{
    private const int Most = 50;

    private readonly List<string> _texts = [];

    public int Count { get; private set; }

    public void Add(string problem)
    {
        Count++;
        if (_texts.Count < Most)
        {
            _texts.Add(problem);
        }
    }

    public void ThrowIfAny(string heading)
    {
        if (Count == 0)
        {
            return;
        }

        var text = new StringBuilder(heading);
        foreach (string problem in _texts)
        {
            text.Append("\n  - ").Append(problem);
        }

        if (Count > _texts.Count)
        {
            text.Append("\n  - and ").Append(Count - _texts.Count).Append(" more");
        }

        throw new SidecarConfigurationException(text.ToString());
    }
}
