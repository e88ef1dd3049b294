namespace Churn.Training;

/// <summary>
/// Makes customers up. They are nobody's: numbers from a seeded generator, and a rule with chance in it that says who
/// leaves (many tickets, long away) and who stays (long with us, spends much).
/// </summary>
internal static class CustomerData
{
    public const int Seed = 20260101;

    public static IReadOnlyList<Customer> Generate(int count, int seed = Seed)
    {
        var random = new Random(seed);
        var customers = new Customer[count];
        for (int i = 0; i < count; i++)
        {
            var customer = new Customer
            {
                Age = random.Next(18, 80),
                TenureDays = random.Next(0, 2500),
                MonthlySpend = random.Next(500, 15000) / 100f,
                SupportTickets = Math.Min(random.Next(0, 10), random.Next(0, 10)),
                LastLoginDays = Math.Min(random.Next(0, 120), random.Next(0, 120)),
            };
            double tendency = -0.6 + (0.45 * customer.SupportTickets) + (0.035 * customer.LastLoginDays)
                - (0.0011 * customer.TenureDays) - (0.012 * customer.MonthlySpend) - (0.01 * (customer.Age - 45));
            customer.Left = random.NextDouble() < 1 / (1 + Math.Exp(-tendency));
            customers[i] = customer;
        }

        return customers;
    }
}
