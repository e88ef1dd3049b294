namespace Company.Namespace;

/// <summary>A customer as callers send it: <c>{"age": 34, "tenure_days": 90, …}</c>. A missing field is a 400.</summary>
internal sealed record Customer(float Age, float TenureDays, float MonthlySpend, float SupportTickets, float LastLoginDays)
{
    /// <summary>The values in the order of <see cref="ChurnFeatures.Names"/>.</summary>
    public float[] ToRow() => [Age, TenureDays, MonthlySpend, SupportTickets, LastLoginDays];
}
