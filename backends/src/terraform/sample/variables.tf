variable "password" {
  description = "Password of the database."
  type        = string
  sensitive   = true

  validation {
    condition     = length(var.password) >= 8 && length(var.password) <= 41
    error_message = "password must have 8 to 41 characters."
  }
}

variable "tasks" {
  description = "How many."
  type        = number
  default     = 2

  validation {
    condition     = var.tasks >= 1 && var.tasks <= 10
    error_message = "tasks must be 1 to 10."
  }
}

variable "debug" {
  description = "Whether to log more."
  type        = bool
  default     = false
}

variable "input_version" {
  description = "Release."
  type        = string
  default     = "1.0"

  validation {
    condition     = can(regex("^\\d+\\.\\d+$", var.input_version))
    error_message = "input_version must match ^\\d+\\.\\d+$."
  }
}

variable "stage" {
  description = "Which."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "stage must be one of: dev, prod."
  }
}

variable "subnet_ids" {
  description = "Where."
  type        = list(string)
  default     = ["subnet-1", "subnet-2"]

  validation {
    condition     = alltrue([for it in var.subnet_ids : can(regex("^(?:subnet-[0-9a-f]+|vpc)$", it))])
    error_message = "subnet_ids must match ^(?:subnet-[0-9a-f]+|vpc)$."
  }
}
