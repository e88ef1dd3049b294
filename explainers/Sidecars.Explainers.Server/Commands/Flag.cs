namespace Sidecars.Explainers.Server.Commands;

/// <summary>A flag of one of the program's commands.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Value">What its value is, in capitals; empty for a switch.</param>
/// <param name="Help">One line of help, with the default.</param>
internal sealed record Flag(string Name, string Value, string Help);
